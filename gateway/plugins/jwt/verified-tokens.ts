import type { JwtSecret } from '../../entities.ts'
import { type Algorithm, hmacVerifier, isSymmetric, publicKeyVerifier, type Verifier } from './algorithms.ts'
import { decodeBase64url, type Token } from './token.ts'

/** How many tokens a generation holds; two generations are kept. */
const GENERATION = 4096

interface VerifiedToken {
  token: Token
  secret: JwtSecret
  secretIsBase64: boolean
}

/**
 * Tokens whose signature has been checked, by their text, so that the same token again costs no check. What is kept
 * is bound to the credential as it was loaded: after a reload it counts no more. Tokens that are not used fade away.
 */
export interface VerifiedTokens {
  get(text: string): Token | undefined
  /** Checks the signature, unless this very credential has verified this very token before. */
  verify(text: string, token: Token, secret: JwtSecret, secretIsBase64: boolean): boolean
}

export function createVerifiedTokens(size = GENERATION): VerifiedTokens {
  const verifiers = { plain: new WeakMap<JwtSecret, Verifier>(), base64: new WeakMap<JwtSecret, Verifier>() }
  let young = new Map<string, VerifiedToken>()
  let old = new Map<string, VerifiedToken>()

  function find(text: string): VerifiedToken | undefined {
    const found = young.get(text)
    if (found !== undefined) return found
    const fading = old.get(text)
    if (fading !== undefined) keep(text, fading)
    return fading
  }

  function keep(text: string, entry: VerifiedToken): void {
    if (young.size >= size) {
      old = young
      young = new Map()
    }
    young.set(text, entry)
  }

  function verifierOf(secret: JwtSecret, token: Token, secretIsBase64: boolean): Verifier {
    const known = secretIsBase64 ? verifiers.base64 : verifiers.plain
    let verifier = known.get(secret)
    if (verifier === undefined) {
      verifier = createVerifier(secret, token, secretIsBase64)
      known.set(secret, verifier)
    }
    return verifier
  }

  return {
    get: (text) => find(text)?.token,
    verify(text, token, secret, secretIsBase64) {
      const known = find(text)
      if (known?.secret === secret && known.secretIsBase64 === secretIsBase64) return true
      if (!verifierOf(secret, token, secretIsBase64)(token.signed, token.signature)) return false
      keep(text, { token, secret, secretIsBase64 })
      return true
    },
  }
}

const never: Verifier = () => false

/** What signatures are checked with; undefined where the credential has nothing that could be a key. */
export function keyOf(
  { algorithm, secret, rsa_public_key }: JwtSecret,
  isBase64: boolean,
): Buffer | string | undefined {
  if (!isSymmetric(algorithm as Algorithm)) return rsa_public_key ?? undefined
  return isBase64 ? decodeBase64url(secret) : Buffer.from(secret)
}

/** `token` names the algorithm, which is the credential's: that has been compared before. */
function createVerifier(secret: JwtSecret, { algorithm }: Token, isBase64: boolean): Verifier {
  const key = keyOf(secret, isBase64)
  if (key === undefined) return never
  return (typeof key === 'string' ? publicKeyVerifier(algorithm, key) : hmacVerifier(algorithm, key)) ?? never
}
