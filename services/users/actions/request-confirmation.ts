import { randomUUID } from 'node:crypto'
import type { Knex } from 'knex'
import type { Middleware } from 'koa'
import { outbox } from '../../../lib/bus/outbox.ts'
import { contactFields, normaliseContact } from '../../../lib/contact.ts'
import { validator } from '../../../lib/schema.ts'
import { confirmationRequested } from '../events.ts'

const validate = validator<{ email: string }>({
  type: 'object',
  properties: { email: contactFields.email },
  required: ['email'],
  additionalProperties: false,
})

/**
 * `POST /api/v1/register/resend`: has another confirmation link mailed. Whose the address is, is looked up after the answer
 * (consumers/renew-confirmation.ts): neither the answer nor its time can tell.
 */
export function requestConfirmation({ db }: { db: Knex }): Middleware {
  return async function requestsConfirmation(ctx) {
    const { email } = validate(normaliseContact(ctx.request.body))
    const request = confirmationRequested.of({ renewalID: randomUUID(), email })
    await db.transaction((trx) => outbox.add(trx, request))
    ctx.status = 202
    ctx.body = { status: 'success', message: 'If this address waits for confirmation, a mail is on its way' }
  }
}
