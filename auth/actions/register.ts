import { randomUUID } from 'node:crypto'
import type { Middleware } from 'koa'
import { outbox } from '../../lib/bus/outbox.ts'
import { contactFields } from '../../lib/contact.ts'
import { type RegistrationRequest, registrationRequested } from '../../services/onboarder/events.ts'
import { type Client, clientOf } from '../client.ts'
import type { Dependencies } from '../dependencies.ts'
import { inConstantTime } from '../in-constant-time.ts'
import { readerOfCredentials } from '../new-credentials.ts'
import { findByEmail, insertPending } from '../queries/accounts.ts'
import { audit } from '../queries/audit.ts'
import { tellOwner } from '../tell-owner.ts'

interface Registration {
  email: string
  password: string
  name: string
  phoneNumber: string
}

/**
 * `POST /api/v1/auth/register`: a membership that begins with a password. The account opens once `users` says the address is
 * confirmed. Whoever has an account already is told by mail alone: the answer does not say who has one,
 * nor the id under which anybody could ask how far a new registration has come.
 */
export function register({ db, passwords, policy }: Pick<Dependencies, 'db' | 'passwords' | 'policy'>): Middleware {
  const read = readerOfCredentials<Registration>(
    {
      type: 'object',
      properties: { ...contactFields, password: { type: 'string' } },
      required: ['email', 'password', 'name', 'phoneNumber'],
      additionalProperties: false,
    },
    policy,
  )

  return async function registers(ctx) {
    const { password, ...contact } = read(ctx.request.body)
    const userID = randomUUID()
    const passwordHash = await passwords.hash(password)
    await inConstantTime(() => keep({ userID, passwordHash, ...contact }, clientOf(ctx)))
    ctx.status = 201
    ctx.body = { status: 'success', message: 'Registration successful' }
  }

  function keep({ passwordHash, ...request }: Request, client: Client): Promise<void> {
    const { userID, email } = request
    return db.transaction(async (trx) => {
      if (await insertPending(trx, { id: userID, email, passwordHash })) {
        await outbox.add(trx, registrationRequested.of(request))
        return audit(trx, 'account.registered', { client, accountID: userID })
      }
      const owner = await findByEmail(trx, email)
      if (owner) await tellOwner(trx, owner, 'registered_again')
      return audit(trx, 'account.registered_again', { client, accountID: owner?.id })
    })
  }
}

interface Request extends RegistrationRequest {
  passwordHash: string
}
