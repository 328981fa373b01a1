import { setTimeout as delay } from 'node:timers/promises'

/** Far longer than Postgres takes for the few statements of such a work. */
const ANSWER_MS = 100

/** Has work take the same time whatever it finds: whether somebody has an account shows in nothing. */
export async function inConstantTime<T>(work: () => Promise<T>): Promise<T> {
  const due = delay(ANSWER_MS)
  try {
    return await work()
  } finally {
    await due
  }
}
