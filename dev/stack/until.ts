import { setTimeout as delay } from 'node:timers/promises'

/** Waits until the condition holds, asking every 50 ms; a condition that throws does not hold yet. */
export async function until(
  condition: () => unknown,
  { within, what }: { within: number; what: string },
): Promise<void> {
  const deadline = Date.now() + within
  let reason: unknown
  while (Date.now() < deadline) {
    try {
      if (await condition()) return
    } catch (error) {
      reason = error
    }
    await delay(50)
  }
  const why = reason instanceof Error ? `: ${reason.message || reason.name}` : ''
  throw new Error(`${what}: not within ${within / 1000} s${why}`, { cause: reason })
}
