import type { Knex } from 'knex'
import type { Middleware } from 'koa'
import { paging } from '../../../lib/http/paging.ts'
import { type AuditRow, countAudit, listAudit as list } from '../audit.ts'

/** `GET /api/v1/operations/audit`: who looked into, replayed or dropped which dead letter, the newest first. */
export function listAudit({ db }: { db: Knex }): Middleware {
  return async function listsAudit(ctx) {
    const { page, limit, offset } = paging(ctx)
    const [rows, total] = await Promise.all([list(db, { limit, offset }), countAudit(db)])
    ctx.body = { status: 'success', data: rows.map(present), meta: { page, limit, total } }
  }
}

const present = (row: AuditRow) => ({
  ...{ id: row.id, at: row.at, action: row.action, actorID: row.actor_id, requestID: row.request_id },
  ...{ letter: row.letter, eventID: row.event_id, topic: row.origin, group: row.consumer_group, reason: row.reason },
})
