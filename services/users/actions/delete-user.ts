import type { Knex } from 'knex'
import type { Middleware } from 'koa'
import { outbox } from '../../../lib/bus/outbox.ts'
import { editOf, lockExpected } from '../edit.ts'
import { userDeleted } from '../events.ts'
import { anonymiseUser, insertAudit } from '../queries.ts'
import { userIDIn } from '../user.ts'

/** The id stays, as orders and audit rows point to it; the person's data goes. */
export function deleteUser({ db }: { db: Knex }): Middleware {
  return async (ctx) => {
    const edit = editOf(ctx, userIDIn(ctx))
    const { userID, actorID, requestID } = edit
    await db.transaction(async (trx) => {
      const { status } = await lockExpected(trx, edit)
      await anonymiseUser(trx, userID)
      await insertAudit(trx, {
        ...{ userID, actorID, requestID },
        action: 'delete',
        fields: ['name', 'email', 'phoneNumber', 'thaiID', 'status'],
        statusFrom: status,
        statusTo: 'deleted',
      })
      await outbox.add(trx, userDeleted.of({ userID }))
    })
    ctx.body = { status: 'success', message: 'User deleted', data: { userID } }
  }
}
