import type { Middleware } from 'koa'
import { HttpError } from '../../lib/errors.ts'
import { caller } from '../../lib/http/identity.ts'
import { clientOf } from '../client.ts'
import type { Dependencies } from '../dependencies.ts'
import { validateID } from '../id-parameter.ts'
import { audit } from '../queries/audit.ts'
import { deleteDevice } from '../queries/devices.ts'

/** `DELETE /api/v1/auth/devices/:id`: from now on the second factor is asked for there again. */
export function forgetDevice({ db }: Pick<Dependencies, 'db'>): Middleware {
  return async function forgetsDevice(ctx) {
    const { userID: accountID } = caller(ctx)
    const { id } = validateID(ctx.params)
    await db.transaction(async (trx) => {
      if (!(await deleteDevice(trx, accountID, id))) throw new HttpError(404, 'NOT_FOUND', 'Device not found')
      await audit(trx, 'device.forgotten', { client: clientOf(ctx), accountID })
    })
    ctx.body = { status: 'success', message: 'Device forgotten' }
  }
}
