import type { Knex } from 'knex'
import type { Client } from '../client.ts'

export const SECURITY_EVENTS = [
  'account.registered',
  'account.registered_again',
  'account.promoted',
  'account.unlocked',
  'roles.changed',
  'credentials.set',
  'login.succeeded',
  'login.failed',
  'login.locked',
  'login.refused',
  'login.second_factor_asked',
  'password.reset_requested',
  'password.reset',
  'password.changed',
  'password.change_failed',
  'mfa.failed',
  'mfa.locked',
  'mfa.enrolled',
  'mfa.disabled',
  'mfa.backup_codes_renewed',
  'device.remembered',
  'device.forgotten',
  'session.stepped_up',
  'session.step_up_failed',
  'refresh.reused',
  'session.ended',
  'client.registered',
  'client.changed',
  'client.secret_renewed',
  'client.removed',
  'consent.given',
  'consent.denied',
  'consent.ended',
  'consent.withdrawn',
  'key.rotated',
  'key.retired',
] as const

export type SecurityEvent = (typeof SECURITY_EVENTS)[number]

export const SIGNED_IN = 'login.succeeded' satisfies SecurityEvent
export const SECOND_FACTOR_ASKED = 'login.second_factor_asked' satisfies SecurityEvent

export interface About {
  /** None where an event was the cause. */
  client?: Client
  /** None where nobody knows whose account it was. */
  accountID?: string | undefined
  sessionID?: string
  /** Who did it to the account, where that was not its owner. */
  actorID?: string
  /** What the account has from now on. */
  roles?: string[]
  /** The app of somebody else's that it is about. */
  clientID?: string
  /** The signing key that it is about. */
  kid?: string
}

/** One line of the append-only log. */
export async function audit(db: Knex, event: SecurityEvent, about: About): Promise<void> {
  await db('audit').insert(auditLine(event, about))
}

export function auditLine(event: SecurityEvent, about: About) {
  const { client, accountID, sessionID, actorID, roles, clientID, kid } = about
  return {
    event,
    account_id: accountID,
    session_id: sessionID,
    actor_id: actorID,
    roles,
    client_id: clientID,
    kid,
    address: client?.address,
    device: client?.device,
    request_id: client?.requestId,
  }
}

/** One line for each of an account's sessions, however many these are. */
export async function auditSessions(
  db: Knex,
  event: SecurityEvent,
  about: Pick<About, 'client' | 'accountID' | 'actorID'> & { sessionIDs: string[] },
): Promise<void> {
  const { client, accountID = null, actorID = null, sessionIDs } = about
  const { address = null, device = null, requestId = null } = client ?? {}
  await db.raw(
    `insert into audit (event, account_id, session_id, actor_id, address, device, request_id)
     select :event, :accountID, id, :actorID, :address, :device, :requestId from unnest(cast(:sessionIDs as uuid[])) id`,
    { event, accountID, actorID, sessionIDs, address, device, requestId },
  )
}

export interface AuditRow {
  /** Grows from line to line; text, as it may be larger than a number can tell apart. */
  id: string
  at: Date
  event: SecurityEvent
  account_id: string | null
  session_id: string | null
  actor_id: string | null
  roles: string[] | null
  client_id: string | null
  kid: string | null
  address: string | null
  device: string | null
  request_id: string | null
}

export interface AuditQuery {
  accountID: string | undefined
  event: SecurityEvent | undefined
  /** Only lines older than this one. */
  before: string | undefined
  limit: number
}

/** The newest first. */
export const listAudit = (db: Knex, { accountID, event, before, limit }: AuditQuery): Promise<AuditRow[]> =>
  db('audit')
    .where({ ...(accountID && { account_id: accountID }), ...(event && { event }) })
    .where((older) => before !== undefined && older.where('id', '<', before))
    .orderBy('id', 'desc')
    .limit(limit)
    .select()

export async function lastSignIn(db: Knex, accountID: string): Promise<Date | undefined> {
  return (await db('audit').where({ account_id: accountID, event: SIGNED_IN }).orderBy('id', 'desc').first('at'))?.at
}
