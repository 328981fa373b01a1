import type { Knex } from 'knex'
import type { Client } from './client.ts'
import { audit, auditSessions } from './queries/audit.ts'
import { deleteDevices } from './queries/devices.ts'
import { deleteGrants } from './queries/oidc-grants.ts'
import { endSessions } from './queries/sessions.ts'
import type { Revocations } from './revocations.ts'

interface Which {
  accountID: string
  /** All of the account's sessions where there is none. */
  sessionID?: string | undefined
  /** All but this one. */
  keep?: string | undefined
  /** With one session ends what was granted in it, for offline access too: its owner does not trust it. */
  distrusted?: boolean
}

/** At whose request; `actorID` where that was not the account's owner. */
interface By {
  client: Client
  actorID?: string
}

/**
 * Ends sessions within a transaction; the gateway hears of it after the commit. Gives how many. Where it is not one alone,
 * no device skips the second factor any more either, and what apps were granted ends.
 */
export async function endAudited(trx: Knex, which: Which, by?: By): Promise<number> {
  const sessionIDs = await endSessions(trx, which)
  const isOne = which.sessionID !== undefined
  if (!isOne) await deleteDevices(trx, which.accountID)
  const clientIDs = !isOne || which.distrusted ? await deleteGrants(trx, which) : []
  for (const clientID of clientIDs) await audit(trx, 'consent.ended', { ...by, accountID: which.accountID, clientID })
  await auditSessions(trx, 'session.ended', { ...by, accountID: which.accountID, sessionIDs })
  return sessionIDs.length
}

/** Ends sessions at a client's wish and has the gateway hear of it at once. */
export async function signOut(
  { db, revocations }: { db: Knex; revocations: Revocations },
  which: Which,
  client: Client,
): Promise<number> {
  const ended = await db.transaction((trx) => endAudited(trx, which, { client }))
  await revocations.tell()
  return ended
}
