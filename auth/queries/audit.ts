import type { Knex } from 'knex'
import type { Client } from '../client.ts'

export type SecurityEvent =
  | 'account.registered'
  | 'account.promoted'
  | 'credentials.set'
  | 'login.succeeded'
  | 'login.failed'
  | 'login.locked'
  | 'mfa.failed'
  | 'mfa.locked'
  | 'mfa.enrolled'
  | 'refresh.reused'
  | 'session.ended'

/** One line of the append-only log. There is no account where nobody knows whose it was, no client where an event was the cause. */
export async function audit(
  db: Knex,
  event: SecurityEvent,
  { client, accountID, sessionID }: { client?: Client; accountID?: string | undefined; sessionID?: string },
): Promise<void> {
  await db('audit').insert({
    event,
    account_id: accountID,
    session_id: sessionID,
    address: client?.address,
    user_agent: client?.userAgent,
    request_id: client?.requestId,
  })
}
