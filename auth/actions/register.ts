import { randomUUID } from 'node:crypto'
import type { Middleware } from 'koa'
import { outbox } from '../../lib/bus/outbox.ts'
import { contactFields } from '../../lib/contact.ts'
import { HttpError } from '../../lib/errors.ts'
import { registrationRequested } from '../../services/onboarder/events.ts'
import { clientOf } from '../client.ts'
import type { Dependencies } from '../dependencies.ts'
import { readerOfCredentials } from '../new-credentials.ts'
import { insertPending } from '../queries/accounts.ts'
import { audit } from '../queries/audit.ts'

interface Registration {
  email: string
  password: string
  name: string
  phoneNumber: string
}

/** `POST /api/v1/auth/register`: a membership that begins with a password. The account opens once `users` says the address is confirmed. */
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
    await db.transaction(async (trx) => {
      if (!(await insertPending(trx, { id: userID, email: contact.email, passwordHash }))) throw alreadyRegistered()
      await outbox.add(trx, registrationRequested.of({ userID, ...contact }))
      await audit(trx, 'account.registered', { client: clientOf(ctx), accountID: userID })
    })
    ctx.status = 201
    ctx.body = { status: 'success', message: 'Registration successful', data: { userID } }
  }
}

const alreadyRegistered = () => new HttpError(409, 'ALREADY_REGISTERED', 'Already registered')
