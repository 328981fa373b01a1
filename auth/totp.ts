import { generateSecret, generateURI, verify } from 'otplib'
import type { KeyRing, SealedSecret } from './key-ring.ts'

/** A right code: the time step it belongs to, and how many steps that is from now. */
export interface Match {
  step: number
  drift: number
}

export interface Totp {
  newSecret(accountID: string, email: string): { secret: string; otpauthUrl: string; sealed: SealedSecret }
  /** Undefined where the code is none of now, nor of now by a clock that is known to be `drift` steps off. */
  match(code: string, sealed: SealedSecret & { drift: number }, accountID: string): Promise<Match | undefined>
}

const ISSUER = 'Jade Palace'
const STEP_SECONDS = 30
/** One step either way, for clocks that differ and codes that travel (RFC 6238 §5.2). */
const TOLERANCE_SECONDS = STEP_SECONDS
/** A clock further off than this many steps is wrong, not slow, and has to be set right. */
const MAX_DRIFT = 4

/** Codes after RFC 6238; the secrets leave it sealed, bound to their account. */
export function createTotp({ keys }: { keys: KeyRing }): Totp {
  return {
    newSecret(accountID, email) {
      const secret = generateSecret()
      const otpauthUrl = generateURI({ issuer: ISSUER, label: email, secret })
      return { secret, otpauthUrl, sealed: keys.seal(secret, accountID) }
    },

    async match(token, { drift, ...sealed }, accountID) {
      const secret = keys.open(sealed, accountID)
      const now = Math.floor(Date.now() / 1000)
      for (const expected of new Set([0, drift])) {
        const epoch = now + expected * STEP_SECONDS
        const result = await verify({ secret, token, epoch, epochTolerance: TOLERANCE_SECONDS })
        if (!result.valid || !('timeStep' in result)) continue
        return { step: result.timeStep, drift: limited(expected + result.delta) }
      }
      return undefined
    },
  }
}

const limited = (drift: number): number => Math.max(-MAX_DRIFT, Math.min(MAX_DRIFT, drift))
