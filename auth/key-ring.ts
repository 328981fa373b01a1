import { createHash } from 'node:crypto'
import { seal, unseal } from '../lib/seal.ts'

export interface SealedSecret {
  sealed_secret: string
  key_id: string
}

/** Seals under the current key and opens under every key it holds; what is sealed carries its key's id. */
export interface KeyRing {
  /** Of those that only open any more. */
  oldIDs: string[]
  seal(secret: string, context: string): SealedSecret
  open(sealed: SealedSecret, context: string): string
}

/** A key's id comes from the key, so that no name can ever stand for two. */
const idOf = (key: Buffer): string => createHash('sha256').update(key).digest('base64url').slice(0, 8)

export function createKeyRing({ current, old }: { current: Buffer; old: Buffer[] }): KeyRing {
  const keys = new Map([current, ...old].map((key) => [idOf(key), key]))
  const currentID = idOf(current)
  return {
    oldIDs: [...keys.keys()].filter((id) => id !== currentID),
    seal: (secret, context) => ({ sealed_secret: seal(secret, current, context), key_id: currentID }),
    open({ sealed_secret, key_id }, context) {
      const key = keys.get(key_id)
      if (!key)
        throw new Error(`TOTP_KEY is ${currentID}, and none of TOTP_OLD_KEYS is ${key_id}, which this is sealed under`)
      return unseal(sealed_secret, key, context)
    },
  }
}
