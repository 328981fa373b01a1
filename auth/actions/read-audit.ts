import type { Middleware } from 'koa'
import { validator } from '../../lib/schema.ts'
import type { Dependencies } from '../dependencies.ts'
import { type AuditRow, listAudit, SECURITY_EVENTS, type SecurityEvent } from '../queries/audit.ts'

interface Query {
  userID?: string | null
  type?: SecurityEvent | null
  cursor?: string | null
  limit?: string | null
}

const DEFAULT_LIMIT = '20'

/** A cursor is the id of the last line that was seen. */
const validate = validator<Query>({
  type: 'object',
  properties: {
    userID: { type: 'string', format: 'uuid', nullable: true },
    type: { type: 'string', nullable: true, enum: [...SECURITY_EVENTS, null] },
    cursor: { type: 'string', pattern: '^[0-9]{1,18}$', nullable: true },
    limit: { type: 'string', pattern: '^([1-9][0-9]?|100)$', nullable: true },
  },
  required: [],
  additionalProperties: false,
})

/** `GET /api/v1/auth/audit`: who did what to which account, when and from where, the newest first. */
export function readAudit({ db }: Pick<Dependencies, 'db'>): Middleware {
  return async function readsAudit(ctx) {
    const { userID, type, cursor, limit: text } = validate({ ...ctx.query })
    const limit = Number(text ?? DEFAULT_LIMIT)
    const wanted = { accountID: userID ?? undefined, event: type ?? undefined, before: cursor ?? undefined }
    const rows = await listAudit(db, { ...wanted, limit: limit + 1 })
    const [page, hasMore] = [rows.slice(0, limit), rows.length > limit]
    const meta = { nextCursor: hasMore ? (page.at(-1)?.id ?? null) : null, hasMore }
    ctx.body = { status: 'success', data: page.map(toView), meta }
  }
}

const toView = (row: AuditRow) => ({
  id: row.id,
  at: row.at,
  type: row.event,
  userID: row.account_id,
  actorID: row.actor_id,
  sessionID: row.session_id,
  roles: row.roles,
  clientID: row.client_id,
  kid: row.kid,
  address: row.address,
  device: row.device,
  requestID: row.request_id,
})
