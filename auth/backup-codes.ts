import { randomInt } from 'node:crypto'
import { hashOf } from './opaque-token.ts'

const COUNT = 10
const GROUPS = 4
const GROUP_LENGTH = 4
/** Crockford's base 32: nothing in it looks like something else. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'

/** Codes of 80 random bits, written in groups; `hashes` is what is stored. */
export function newBackupCodes(): { codes: string[]; hashes: Buffer[] } {
  const codes = Array.from({ length: COUNT }, newCode)
  return { codes, hashes: codes.map(hashOfBackupCode) }
}

/** However it was typed: case, spaces and hyphens do not count. */
export const hashOfBackupCode = (code: string): Buffer => hashOf(code.toLowerCase().replace(/[^0-9a-z]/g, ''))

const newCode = (): string =>
  Array.from({ length: GROUPS }, () =>
    Array.from({ length: GROUP_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join(''),
  ).join('-')
