import { keyedHash } from './seal.ts'

/** The secret in a mailed link that resets a password: only who holds the key can make it from the reset's id, or tell it from a forged one. */
export const passwordResetToken = (resetID: string, key: Buffer): string =>
  `${resetID}.${keyedHash(`password reset ${resetID}`, key)}`
