import { setTimeout as delay } from 'node:timers/promises'
import { SignJWT } from 'jose'
import { Away } from '../../lib/run-as-command.ts'
import { isUnavailable } from '../../lib/unavailable.ts'
import { Refusal } from './refusal.ts'
import type { SigningKey } from './signing-key.ts'

/** Any route of kong.yaml that takes an access token. */
const GUARDED = '/api/v1/auth/me'
const KEY_SET = '/.well-known/jwks.json'

/** On connections of their own, which spread over workers and over nodes of auth: so many in a row leave hardly one of them out. */
const ASKED_IN_A_ROW = 20
const PATIENCE_MS = 15_000
const ANSWER_MS = 2_000
const PAUSE_MS = 100

interface Options {
  /** Where it does, it has to have read the key, and published it. */
  authRuns: boolean
  patience?: number
  signal?: AbortSignal
}

/** Resolves when each gateway node verifies what this key signs, and finds it in the set that auth publishes. */
export async function knownEverywhere(key: SigningKey, nodes: string[], options: Options) {
  const { authRuns, patience = PATIENCE_MS, signal } = options
  const token = await expiredToken(key)
  const missing = async (node: string) =>
    (await notVerified(node, token)) ?? (authRuns ? await notPublished(node, key.kid) : undefined)
  await Promise.all(nodes.map((node) => known(node, () => missing(node), { deadline: Date.now() + patience, signal })))
}

/**
 * A token that opens nothing, as it has long expired. The gateway looks at that last, after it has found the key and checked the
 * signature, so its refusal tells that both went well.
 */
function expiredToken({ kid, privateKey }: SigningKey): Promise<string> {
  return new SignJWT({}).setProtectedHeader({ alg: 'ES256', kid }).setNotBefore(0).setExpirationTime(1).sign(privateKey)
}

interface Limits {
  deadline: number
  signal?: AbortSignal
}

async function known(node: string, missing: () => Promise<string | undefined>, limits: Limits): Promise<void> {
  for (let inARow = 0; inARow < ASKED_IN_A_ROW; ) {
    const reason = await missing().catch((error: Error) => {
      if (isUnavailable(error)) throw new Away(`no gateway at ${node}: start it, or take it out of GATEWAY_NODES`)
      return error.message
    })
    inARow = reason === undefined ? inARow + 1 : 0
    if (reason === undefined) continue
    if (Date.now() > limits.deadline)
      throw new Refusal(
        'KEY_NOT_KNOWN_YET',
        `${node} does not know the new key yet (${reason}): run this again when it does`,
      )
    await delay(PAUSE_MS, undefined, { signal: limits.signal })
  }
}

async function notVerified(node: string, token: string): Promise<string | undefined> {
  const { status, body } = await get(node, GUARDED, { authorization: `Bearer ${token}` })
  if (status === 401 && body.exp !== undefined) return undefined
  return body.message ?? `it answers ${status}`
}

async function notPublished(node: string, kid: string): Promise<string | undefined> {
  const { status, body } = await get(node, KEY_SET)
  if (body.keys?.some((key) => key.kid === kid)) return undefined
  return status === 200 ? 'auth does not publish it' : `auth answers ${status}`
}

interface Body {
  exp?: string
  message?: string
  keys?: { kid: string }[]
}

async function get(node: string, path: string, headers: Record<string, string> = {}) {
  const answer = await fetch(new URL(path, node), {
    headers: { ...headers, connection: 'close' },
    signal: AbortSignal.timeout(ANSWER_MS),
  })
  return { status: answer.status, body: (await answer.json()) as Body }
}
