import { createHash } from 'node:crypto'
import { generateSecret, generateURI, verify } from 'otplib'
import { seal, unseal } from '../lib/seal.ts'

export interface SealedSecret {
  sealed_secret: string
  key_id: string
}

export interface Totp {
  newSecret(accountID: string, email: string): { secret: string; otpauthUrl: string; sealed: SealedSecret }
  /** The time step that a code belongs to; undefined where it is none of now. */
  stepOf(code: string, sealed: SealedSecret, accountID: string): Promise<number | undefined>
}

const ISSUER = 'Jade Palace'
/** One step of 30 seconds either way, for clocks that differ and codes that travel (RFC 6238 §5.2). */
const TOLERANCE_SECONDS = 30

/** Codes after RFC 6238; the secrets leave it sealed, bound to their account, with the id of the key that opens them. */
export function createTotp({ key }: { key: Buffer }): Totp {
  const keyID = createHash('sha256').update(key).digest('base64url').slice(0, 8)

  function open({ sealed_secret, key_id }: SealedSecret, accountID: string): string {
    if (key_id !== keyID) throw new Error(`this TOTP secret is sealed under the key ${key_id}, TOTP_KEY is ${keyID}`)
    return unseal(sealed_secret, key, accountID)
  }

  return {
    newSecret(accountID, email) {
      const secret = generateSecret()
      const otpauthUrl = generateURI({ issuer: ISSUER, label: email, secret })
      return { secret, otpauthUrl, sealed: { sealed_secret: seal(secret, key, accountID), key_id: keyID } }
    },
    async stepOf(code, sealed, accountID) {
      const secret = open(sealed, accountID)
      const result = await verify({ secret, token: code, epochTolerance: TOLERANCE_SECONDS })
      return result.valid && 'timeStep' in result ? result.timeStep : undefined
    },
  }
}
