import { Poison } from '../../lib/bus/cloud-events.ts'
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
  /** Throws Poison where the text was not sealed for this member: trying again will not change that. */
  keepSealed: (sealed: string, userID: string): KeptThaiID => ({
    sealed,
    hash: keyedHash(opened(sealed, key, userID), hashKey),
  }),
})

function opened(sealed: string, key: Buffer, userID: string): string {
  try {
    return unseal(sealed, key, userID)
  } catch (cause) {
    throw new Poison('the Thai ID cannot be unsealed', { cause })
  }
}
