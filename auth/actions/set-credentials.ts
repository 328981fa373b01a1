import type { Middleware } from 'koa'
import { contactFields } from '../../lib/contact.ts'
import { HttpError } from '../../lib/errors.ts'
import type { Dependencies } from '../dependencies.ts'
import { readerOfCredentials } from '../new-credentials.ts'
import { insertPending, replacePendingPassword } from '../queries/accounts.ts'
import { audit } from '../queries/audit.ts'

interface Credentials {
  userID: string
  email: string
  password: string
}

/** `PUT /internal/credentials`: `users` sets the password of a member about to confirm. Again is fine, until the account is open. */
export function setCredentials({
  db,
  passwords,
  policy,
}: Pick<Dependencies, 'db' | 'passwords' | 'policy'>): Middleware {
  const read = readerOfCredentials<Credentials>(
    {
      type: 'object',
      properties: {
        userID: { type: 'string', format: 'uuid' },
        email: contactFields.email,
        password: { type: 'string' },
      },
      required: ['userID', 'email', 'password'],
      additionalProperties: false,
    },
    policy,
  )

  return async function setsCredentials(ctx) {
    const { userID, email, password } = read(ctx.request.body)
    const account = { id: userID, email, passwordHash: await passwords.hash(password) }
    await db.transaction(async (trx) => {
      const set = (await insertPending(trx, account)) || (await replacePendingPassword(trx, account))
      if (!set) throw new HttpError(409, 'ALREADY_REGISTERED', 'Already registered')
      await audit(trx, 'credentials.set', { accountID: userID })
    })
    ctx.body = { status: 'success', data: { userID } }
  }
}
