import { ConfigError } from '../../lib/config.ts'
import { Unavailable } from '../../lib/errors.ts'
import type { Log } from '../../lib/log.ts'
import type { Part } from '../../lib/service.ts'
import type { KeyFolder } from './key-folder.ts'
import type { SigningKey } from './signing-key.ts'
import { signingKeyOf } from './standing.ts'

/** The keys as a node of auth works with them: it follows the folder, so that a rotation needs no restart. */
export interface SigningKeys extends Part {
  /** The key that signs; throws Unavailable where it is too long ago that the folder could be read. */
  current(): SigningKey
  /** All that verifiers need, the one that signs first: the waiting one and those whose tokens may still be around follow. */
  all(): SigningKey[]
}

const POLL_MS = 1_000

/** The longest that a node may go on signing with a key that has been switched off meanwhile. Part of what LEEWAY_SECONDS covers. */
const STALE_MS = 30_000

interface Options {
  folder: KeyFolder
  log: Log
  now?: () => number
}

export async function createSigningKeys({ folder, log, now = Date.now }: Options): Promise<SigningKeys> {
  let ring = await readRing(folder)
  let readAt = now()
  let failing = false
  let timer: NodeJS.Timeout | undefined
  let underWay: Promise<void> | undefined

  async function follow(): Promise<void> {
    const begun = now()
    try {
      const fresh = await readRing(folder)
      if (fresh.signing.kid !== ring.signing.kid)
        log.info('signs with another key from now on', { kid: fresh.signing.kid })
      ring = fresh
      readAt = begun
      failing = false
    } catch (error) {
      if (!failing) log.error('the signing keys cannot be read', { error })
      failing = true
    }
    underWay = undefined
  }

  return {
    name: 'signing keys',
    current() {
      if (now() - readAt > STALE_MS) throw new Unavailable('The signing key')
      return ring.signing
    },
    all: () => ring.keys,
    start: () => {
      timer = setInterval(() => {
        underWay ??= follow()
      }, POLL_MS)
      return Promise.resolve()
    },
    stop: async () => {
      clearInterval(timer)
      await underWay
    },
  }
}

async function readRing(folder: KeyFolder): Promise<{ keys: SigningKey[]; signing: SigningKey }> {
  const keys = await folder.read()
  const signing = signingKeyOf(keys)
  if (!signing)
    throw new ConfigError(`JWT_KEYS_DIR: no signing key in ${folder.path}; npm run keys -- rotate makes one`)
  return { keys: [signing, ...keys.filter((key) => key !== signing)], signing }
}
