import { constants, createHmac, createPublicKey, type KeyObject, timingSafeEqual, verify } from 'node:crypto'

interface SymmetricAlgorithm {
  kind: 'hmac'
  hash: string
}

interface AsymmetricAlgorithm {
  kind: 'rsa' | 'rsa-pss' | 'ecdsa' | 'eddsa'
  hash: string | null
  keyTypes: readonly string[]
  /** An ECDSA signature is r and s side by side, of this length (RFC 7518 §3.4): DER is refused. */
  length?: number
}

const hmac = (hash: string): SymmetricAlgorithm => ({ kind: 'hmac', hash })
const rsa = (hash: string): AsymmetricAlgorithm => ({ kind: 'rsa', hash, keyTypes: ['rsa'] })
const pss = (hash: string): AsymmetricAlgorithm => ({ kind: 'rsa-pss', hash, keyTypes: ['rsa', 'rsa-pss'] })
const ecdsa = (hash: string, length: number): AsymmetricAlgorithm => ({ kind: 'ecdsa', hash, keyTypes: ['ec'], length })

export const ALGORITHMS = {
  HS256: hmac('sha256'),
  HS384: hmac('sha384'),
  HS512: hmac('sha512'),
  RS256: rsa('sha256'),
  RS384: rsa('sha384'),
  RS512: rsa('sha512'),
  PS256: pss('sha256'),
  PS384: pss('sha384'),
  PS512: pss('sha512'),
  ES256: ecdsa('sha256', 64),
  ES384: ecdsa('sha384', 96),
  ES512: ecdsa('sha512', 132),
  EdDSA: { kind: 'eddsa', hash: null, keyTypes: ['ed25519', 'ed448'] },
} satisfies Record<string, SymmetricAlgorithm | AsymmetricAlgorithm>

export type Algorithm = keyof typeof ALGORITHMS

export const isSymmetric = (algorithm: Algorithm): boolean => ALGORITHMS[algorithm].kind === 'hmac'

/** Whether a signature is that of `signed`. */
export type Verifier = (signed: string, signature: Buffer) => boolean

export function hmacVerifier(algorithm: Algorithm, secret: Buffer): Verifier {
  const { hash } = ALGORITHMS[algorithm]
  return (signed, signature) => {
    const expected = createHmac(hash as string, secret)
      .update(signed)
      .digest()
    return signature.length === expected.length && timingSafeEqual(signature, expected)
  }
}

/** Undefined when the key is none, or none for this algorithm. */
export function publicKeyVerifier(algorithm: Algorithm, pem: string): Verifier | undefined {
  const { kind, hash, keyTypes, length } = ALGORITHMS[algorithm] as AsymmetricAlgorithm
  const key = parseKey(pem)
  if (key === undefined || !keyTypes.includes(key.asymmetricKeyType ?? '')) return undefined
  const options = {
    key,
    ...(kind === 'rsa-pss' && { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_AUTO }),
    ...(kind === 'ecdsa' && { dsaEncoding: 'ieee-p1363' as const }),
  }
  return (signed, signature) =>
    (length === undefined || signature.length === length) && verify(hash, Buffer.from(signed), options, signature)
}

function parseKey(pem: string): KeyObject | undefined {
  try {
    return createPublicKey(pem)
  } catch {
    return undefined
  }
}
