import { ALGORITHMS, type Algorithm } from './algorithms.ts'

/** A token that has been read, not verified. */
export interface Token {
  header: Record<string, unknown>
  claims: Record<string, unknown>
  algorithm: Algorithm
  /** What the signature is over. */
  signed: string
  signature: Buffer
}

/** Why a token cannot be read, in Kong's words. */
export type Unreadable = 'invalid JSON' | 'invalid alg' | 'invalid claims' | 'invalid signature'

const BASE64URL = /^[A-Za-z0-9_-]*={0,2}$/

/** Undefined where a part is not in the URL's alphabet (RFC 7515 §2), or of no possible length. */
export function decodeBase64url(part: string): Buffer | undefined {
  return BASE64URL.test(part) && part.replace(/=+$/, '').length % 4 !== 1 ? Buffer.from(part, 'base64url') : undefined
}

function parse(part: string): unknown {
  const bytes = decodeBase64url(part)
  try {
    return bytes && JSON.parse(bytes.toString())
  } catch {
    return undefined
  }
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

export function readToken(text: string): Token | Unreadable {
  const first = text.indexOf('.')
  const second = text.indexOf('.', first + 1)
  if (first < 0 || second < 0) return 'invalid JSON'
  const header = parse(text.slice(0, first))
  const claims = parse(text.slice(first + 1, second))
  if (header === undefined || claims === undefined) return 'invalid JSON'
  if (!isObject(header) || typeof header.alg !== 'string' || !Object.hasOwn(ALGORITHMS, header.alg))
    return 'invalid alg'
  if (!isObject(claims)) return 'invalid claims'
  const signature = decodeBase64url(text.slice(second + 1))
  if (signature === undefined) return 'invalid signature'
  return { header, claims, algorithm: header.alg as Algorithm, signed: text.slice(0, second), signature }
}
