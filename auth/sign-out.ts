import type { Knex } from 'knex'
import type { Client } from './client.ts'
import { audit } from './queries/audit.ts'
import { endSessions } from './queries/sessions.ts'
import type { Revocations } from './revocations.ts'

interface Which {
  accountID: string
  /** All of the account's sessions where there is none. */
  sessionID?: string | undefined
}

/** Ends sessions within a transaction; the gateway hears of it after the commit. Gives how many. */
export async function endAudited(trx: Knex, which: Which, client?: Client): Promise<number> {
  const ended = await endSessions(trx, which)
  for (const sessionID of ended) {
    await audit(trx, 'session.ended', { ...(client && { client }), accountID: which.accountID, sessionID })
  }
  return ended.length
}

/** Ends sessions at a client's wish and has the gateway hear of it at once. */
export async function signOut(
  { db, revocations }: { db: Knex; revocations: Revocations },
  which: Which,
  client: Client,
): Promise<number> {
  const ended = await db.transaction((trx) => endAudited(trx, which, client))
  await revocations.tell()
  return ended
}
