import { randomInt } from 'node:crypto'

const SPINS = 1000
/** In milliseconds: a lock is held for a moment only, so one held for so long belongs to a thread that has died. */
const LOCK_PATIENCE = 1000

/** Another one each time a thread takes a lock, and hardly ever that of another thread: so who waits sees the holder change. */
let ticket = randomInt(1, 2 ** 31)

/** Waits for a lock in memory that threads share. False where it was taken from a thread that has died with it. */
export function lock(words: Int32Array<SharedArrayBuffer>, at: number): boolean {
  ticket = (ticket + 1) | 0 || 1
  let holder = 0
  for (let tries = 0; ; tries++) {
    const found = Atomics.compareExchange(words, at, 0, ticket)
    if (found === 0) return true
    if (found !== holder) tries = 0
    holder = found
    if (tries < SPINS) continue
    // Its holder is not running just now.
    Atomics.wait(words, at, holder, 1)
    const dead = tries > SPINS + LOCK_PATIENCE
    if (dead && Atomics.compareExchange(words, at, holder, ticket) === holder) return false
  }
}

export function unlock(words: Int32Array<SharedArrayBuffer>, at: number): void {
  Atomics.store(words, at, 0)
}
