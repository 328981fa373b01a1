import { createHash, randomBytes } from 'node:crypto'

/** 256 random bits, which only their holder knows: `hash` is what is stored. */
export function newToken(): { token: string; hash: Buffer } {
  const token = randomBytes(32).toString('base64url')
  return { token, hash: hashOf(token) }
}

/** Random tokens need no salt and no slow hash: there is nothing to guess. */
export const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest()
