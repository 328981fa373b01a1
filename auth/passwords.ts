import { randomBytes } from 'node:crypto'
import argon2, { type HashOptions } from 'argon2'
import { boundedQueue } from './bounded-queue.ts'

export interface Passwords {
  hash(password: string): Promise<string>
  /** Takes the same time whether or not there is a hash to compare with, so that it does not show which accounts exist. */
  matches(hash: string | null | undefined, password: string): Promise<boolean>
  /** A hash at today's cost of a password whose own was made at another; undefined where it was not. */
  renewed(hash: string, password: string): Promise<string | undefined>
}

interface Options {
  ARGON2_MEMORY_KIB: number
  ARGON2_PASSES: number
  ARGON2_CONCURRENCY: number
  ARGON2_QUEUE: number
}

/** Hashing holds a thread and megabytes for tens of milliseconds; the queue keeps a flood of logins from taking all of both. */
export async function createPasswords(options: Options): Promise<Passwords> {
  const cost = hashingCost(options)
  const queued = boundedQueue({ concurrency: options.ARGON2_CONCURRENCY, length: options.ARGON2_QUEUE })
  const nobodys = await argon2.hash(randomBytes(16), cost)
  const hashed = (password: string) => queued(() => argon2.hash(normalised(password), cost))
  return {
    hash: hashed,
    renewed: async (hash, password) => (argon2.needsRehash(hash, cost) ? hashed(password) : undefined),
    matches: (hash, password) =>
      queued(async () => (await argon2.verify(hash ?? nobodys, normalised(password))) && hash != null),
  }
}

export const hashingCost = (options: Pick<Options, 'ARGON2_MEMORY_KIB' | 'ARGON2_PASSES'>): HashOptions => ({
  type: argon2.argon2id,
  memoryCost: options.ARGON2_MEMORY_KIB,
  timeCost: options.ARGON2_PASSES,
  parallelism: 1,
})

/** Keyboards differ in how they compose a letter (NIST SP 800-63B §5.1.1.2). */
const normalised = (password: string): string => password.normalize('NFKC')
