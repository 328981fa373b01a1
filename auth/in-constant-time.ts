import { setTimeout as delay } from 'node:timers/promises'

/** Far longer than Postgres takes for the few statements of such a work. */
export const ANSWER_MS = 100

/**
 * Has work take the same time whatever it finds: whether somebody has an account shows in nothing. With `tells`, only where
 * that says of its outcome that more was done for those who have one.
 */
export async function inConstantTime<T>(
  work: () => Promise<T>,
  tells: (outcome: T) => boolean = () => true,
): Promise<T> {
  const due = delay(ANSWER_MS)
  const outcome = await work().catch(async (error) => {
    await due
    throw error
  })
  if (tells(outcome)) await due
  return outcome
}
