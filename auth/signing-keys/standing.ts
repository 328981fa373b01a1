import { ACCESS_TOKEN_SECONDS } from '../access-token.ts'
import type { SigningKey } from './signing-key.ts'

/**
 * Beyond the longest token's life, before a key is retired: nodes take up a switch within STALE_MS of it (signing-keys.ts), and the
 * clocks of nodes and gateway differ a little.
 */
const LEEWAY_SECONDS = 60

/** `next` waits; `signing` is the one that signs; `verifying` did, and its tokens still count; `expired` has none left. */
export type KeyState = 'next' | 'signing' | 'verifying' | 'expired'

export interface Standing {
  key: SigningKey
  state: KeyState
  since: Date
  /** When the last token signed with it will have expired: for a key that has signed and signs no more. */
  retirableFrom: Date | undefined
}

export function signingKeyOf(keys: SigningKey[]): SigningKey | undefined {
  return keys.filter(hasSigned).sort(bySwitch).at(-1)
}

export function standings(keys: SigningKey[], now: Date): Standing[] {
  const signed = keys.filter(hasSigned).sort(bySwitch)
  return keys.map((key) => {
    if (!hasSigned(key)) return { key, state: 'next', since: key.createdAt, retirableFrom: undefined }
    const successor = signed[signed.indexOf(key) + 1]
    if (!successor) return { key, state: 'signing', since: key.signingSince, retirableFrom: undefined }
    const superseded = successor.signingSince
    const retirableFrom = new Date(+superseded + (ACCESS_TOKEN_SECONDS + LEEWAY_SECONDS) * 1_000)
    const expired = now >= retirableFrom
    return {
      ...{ key, retirableFrom },
      state: expired ? 'expired' : 'verifying',
      since: expired ? retirableFrom : superseded,
    }
  })
}

type Signed = SigningKey & { signingSince: Date }

const hasSigned = (key: SigningKey): key is Signed => key.signingSince !== undefined
const bySwitch = (one: Signed, other: Signed) => +one.signingSince - +other.signingSince
