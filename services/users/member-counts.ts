import type { Knex } from 'knex'
import type { UserStatus } from './events.ts'
import { members } from './list.ts'

/** Counted anew for each request up to here: it takes a millisecond or two. */
const FEW = 10_000
const FRESH_MS = 2_000
const USABLE_MS = 30_000

export type MemberCounts = ReturnType<typeof createMemberCounts>

/**
 * How many members there are, of one status or of all: exactly where they are few. To count a million takes a tenth of a
 * second, so one count serves the requests of some seconds; the next is made behind the answer to whoever asks then.
 */
export function createMemberCounts({ db, now = Date.now }: { db: Knex; now?: () => number }) {
  let kept: { at: number; byStatus: Map<UserStatus, number> } | undefined
  let counting: Promise<void> | undefined

  async function count(): Promise<void> {
    const at = now()
    const rows = await members(db).select('status').count<{ status: UserStatus; count: string }[]>().groupBy('status')
    kept = { at, byStatus: new Map(rows.map(({ status, count }) => [status, Number(count)])) }
  }

  function recount(): Promise<void> {
    counting ??= count().finally(() => {
      counting = undefined
    })
    return counting
  }

  return async (status?: UserStatus): Promise<number> => {
    const few = await countUpTo(db, FEW + 1, status)
    if (few <= FEW) return few
    const age = kept ? now() - kept.at : Number.POSITIVE_INFINITY
    if (age > USABLE_MS) await recount()
    else if (age > FRESH_MS) recount().catch(() => undefined) // what is kept serves on, until it is too old
    const counts = kept?.byStatus ?? new Map<UserStatus, number>()
    const all = status ? (counts.get(status) ?? 0) : [...counts.values()].reduce((sum, each) => sum + each, 0)
    return Math.max(few, all)
  }
}

async function countUpTo(db: Knex, most: number, status?: UserStatus): Promise<number> {
  const some = members(db, status).select(db.raw('1')).limit(most).as('some')
  return Number((await db.count<{ count: string }[]>().from(some))[0]?.count)
}
