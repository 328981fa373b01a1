import { closeSync, openSync, rmSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { Advice } from '../lib/run-as-command.ts'

/** In milliseconds: between two attempts, and in all. */
const PAUSE = 50
const PATIENCE = 30_000

/** Does the work while no other process does any under the same lock: a file that is there as long as the work takes. */
export async function alone<Result>(lock: string, work: () => Promise<Result>): Promise<Result> {
  const deadline = Date.now() + PATIENCE
  while (!taken(lock)) {
    if (Date.now() > deadline) throw new Advice(`somebody is at work on this already; if nobody is, remove ${lock}`)
    await delay(PAUSE)
  }
  try {
    return await work()
  } finally {
    rmSync(lock)
  }
}

function taken(lock: string): boolean {
  try {
    closeSync(openSync(lock, 'wx'))
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}
