import type { HeaderList } from '../../http1/header-list.ts'
import type { Limit, Usage } from './counting.ts'
import { NOMINAL_LENGTH, secondsLeft } from './windows.ts'

const capitalised = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)

/** What the client is told of its limits. The tightest window stands for all in `RateLimit-*`; of equals the longest. */
export function announce(
  headers: HeaderList,
  limits: readonly Limit[],
  usage: Usage,
  refused: boolean,
  time: number,
): void {
  let tightest: { limit: number; remaining: number; length: number; reset: number } | undefined
  for (const [at, { period, limit, window }] of limits.entries()) {
    const used = (usage[at] as number) + (refused ? 0 : 1)
    const remaining = Math.max(0, limit - used)
    const length = NOMINAL_LENGTH[period]
    headers.set(`X-RateLimit-Limit-${capitalised(period)}`, String(limit))
    headers.set(`X-RateLimit-Remaining-${capitalised(period)}`, String(remaining))
    if (!tightest || remaining < tightest.remaining || (remaining === tightest.remaining && length > tightest.length))
      tightest = { limit, remaining, length, reset: secondsLeft(period, window, time) }
  }
  if (tightest === undefined) return
  headers.set('RateLimit-Limit', String(tightest.limit))
  headers.set('RateLimit-Remaining', String(tightest.remaining))
  headers.set('RateLimit-Reset', String(tightest.reset))
  if (refused) headers.set('Retry-After', String(tightest.reset))
}
