import { randomUUID } from 'node:crypto'
import type { Middleware } from 'koa'
import { outbox } from '../../lib/bus/outbox.ts'
import { contactFields, normaliseContact } from '../../lib/contact.ts'
import { validator } from '../../lib/schema.ts'
import { type Client, clientOf } from '../client.ts'
import type { Dependencies } from '../dependencies.ts'
import { passwordResetRequested } from '../events.ts'
import { inConstantTime } from '../in-constant-time.ts'
import { audit } from '../queries/audit.ts'
import { insertPasswordReset, lockActive } from '../queries/password-resets.ts'

const validate = validator<{ email: string }>({
  type: 'object',
  properties: { email: contactFields.email },
  required: ['email'],
  additionalProperties: false,
})

/** `POST /api/v1/auth/password/forgot`: has a link mailed that resets the password. The answer does not tell whether anybody got one. */
export function forgotPassword({ db }: Pick<Dependencies, 'db'>): Middleware {
  return async function forgetsPassword(ctx) {
    const { email } = validate(normaliseContact(ctx.request.body))
    await inConstantTime(() => requestReset(email, clientOf(ctx)))
    ctx.status = 202
    ctx.body = { status: 'success', message: 'If there is an account for this address, a mail is on its way' }
  }

  function requestReset(address: string, client: Client): Promise<void> {
    return db.transaction(async (trx) => {
      const account = await lockActive(trx, address)
      await audit(trx, 'password.reset_requested', { client, accountID: account?.id })
      if (!account) return
      const { id: userID, email } = account
      const resetID = randomUUID()
      if (!(await insertPasswordReset(trx, resetID, userID))) return
      await outbox.add(trx, passwordResetRequested.of({ userID, email, resetID }))
    })
  }
}
