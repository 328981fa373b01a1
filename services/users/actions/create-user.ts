import { randomUUID } from 'node:crypto'
import type { Knex } from 'knex'
import type { Middleware } from 'koa'
import { outbox } from '../../../lib/bus/outbox.ts'
import { caller } from '../../../lib/http/identity.ts'
import { userCreated } from '../events.ts'
import { insertAudit, insertUser } from '../queries.ts'
import { refuseTaken } from '../refuse-taken.ts'
import { readNewUser } from '../staff-input.ts'
import type { ThaiIDs } from '../thai-ids.ts'
import { toView } from '../user.ts'

/** Staff enters a member, who then confirms by mail like everybody else. */
export function createUser({ db, thaiIDs }: { db: Knex; thaiIDs: ThaiIDs }): Middleware {
  return async (ctx) => {
    const { thaiID, ...contact } = readNewUser(ctx.request.body)
    const userID = randomUUID()
    const audit = { userID, actorID: caller(ctx).userID, requestID: ctx.state.requestId, action: 'create' } as const
    const fields = Object.keys({ ...contact, ...(thaiID && { thaiID }) })
    const user = await db
      .transaction(async (trx) => {
        const registration = { userID, ...contact, ...(thaiID && { thaiID: thaiIDs.keep(thaiID, userID) }) }
        const inserted = await insertUser(trx, registration)
        await insertAudit(trx, { ...audit, fields, statusTo: inserted.status })
        await outbox.add(trx, userCreated.of({ userID, ...contact }))
        return inserted
      })
      .catch(refuseTaken)
    ctx.status = 201
    ctx.set('Location', `/api/v1/users/${userID}`)
    ctx.body = { status: 'success', message: 'User created', data: toView(user) }
  }
}
