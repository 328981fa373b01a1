import type { Middleware } from 'koa'
import { HttpError } from '../../../lib/errors.ts'
import { validator } from '../../../lib/schema.ts'
import type { Ledger } from '../ledger.ts'

const readParams = validator<{ userID: string }>({
  type: 'object',
  properties: { userID: { type: 'string', format: 'uuid' } },
  required: ['userID'],
})

/** `GET /api/v1/register/:userID`. One that Redis has lost is unknown until its next event. */
export function showRegistration({ ledger }: { ledger: Ledger }): Middleware {
  return async function showsRegistration(ctx) {
    const { userID } = readParams(ctx.params)
    const status = await ledger.statusOf(userID.toLowerCase())
    if (!status) throw new HttpError(404, 'NOT_FOUND', 'Registration not found')
    ctx.body = { status: 'success', data: { status } }
  }
}
