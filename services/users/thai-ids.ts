import { keyedHash, seal, unseal } from '../../lib/seal.ts'

/** A Thai ID as the row has it: sealed, and a hash that finds equal ones. */
export interface KeptThaiID {
  sealed: string
  hash: string
}

export type ThaiIDs = ReturnType<typeof createThaiIDs>

export const createThaiIDs = ({ key, hashKey }: { key: Buffer; hashKey: Buffer }) => ({
  keep: (plain: string, userID: string): KeptThaiID => ({
    sealed: seal(plain, key, userID),
    hash: keyedHash(plain, hashKey),
  }),
  /** Throws where the text was not sealed for this member. */
  keepSealed: (sealed: string, userID: string): KeptThaiID => ({
    sealed,
    hash: keyedHash(unseal(sealed, key, userID), hashKey),
  }),
})
