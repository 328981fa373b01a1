import type { Counters } from '../../plugin.ts'
import { type DeclaredLimit, type Window, windowAt } from './windows.ts'

/** One limit as it stands for one request. */
export interface Limit extends DeclaredLimit {
  window: Window
  key: string
}

/** `counter` tells whose requests are counted from all others'. */
export function limitsAt(declared: readonly DeclaredLimit[], counter: string, time: number): Limit[] {
  return declared.map(({ period, limit }) => {
    const window = windowAt(period, time)
    return { period, limit, window, key: `${counter}:${window.start}:${period}` }
  })
}

/** How often each limit had been used before this request, in their order. The request itself is counted unless one is used up. */
export type Usage = number[]

/**
 * Counts before the request goes on, so that no burst overshoots a limit. What is counted beyond a limit is taken
 * back: a refused request uses up none of the other windows.
 */
export function countLocally(counters: Counters, limits: readonly Limit[], time: number): Usage {
  const usage: Usage = []
  let exceeded = false
  for (const { key, limit, window } of limits) {
    const used = exceeded ? counters.get(key) : counters.increment(key, 1, window.end - time) - 1
    usage.push(used)
    if (exceeded || used < limit) continue
    exceeded = true
    for (const counted of limits.slice(0, usage.length)) counters.increment(counted.key, -1, counted.window.end - time)
  }
  return usage
}
