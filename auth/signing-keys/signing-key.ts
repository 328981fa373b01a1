import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { calculateJwkThumbprint, type JWK } from 'jose'

export interface SigningKey {
  /** Its RFC 7638 thumbprint. */
  kid: string
  privateKey: KeyObject
  publicJwk: JWK
  createdAt: Date
  /** When tokens began to be signed with it; undefined while it waits. Of several, the latest is the one that signs. */
  signingSince: Date | undefined
}

/** A private JWK with two members of our own, which RFC 7517 §4 allows. */
type StoredKey = JWK & { created_at: string; signing_since?: string }

export function newSigningKey(now: Date): Promise<SigningKey> {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return signingKey(privateKey, now, undefined)
}

export function formatSigningKey({ kid, privateKey, createdAt, signingSince }: SigningKey): string {
  const stored: StoredKey = {
    ...(privateKey.export({ format: 'jwk' }) as JWK),
    ...{ kid, alg: 'ES256', use: 'sig' },
    created_at: createdAt.toISOString(),
    ...(signingSince && { signing_since: signingSince.toISOString() }),
  }
  return JSON.stringify(stored, null, 2) + '\n'
}

/** Throws where the text is no P-256 private key as `formatSigningKey` writes it. */
export async function parseSigningKey(text: string): Promise<SigningKey> {
  const stored = JSON.parse(text) as StoredKey
  const privateKey = createPrivateKey({ key: stored, format: 'jwk' })
  if (privateKey.asymmetricKeyDetails?.namedCurve !== 'prime256v1') {
    throw new Error('ES256 takes an EC key on the curve P-256')
  }
  const since = stored.signing_since
  return await signingKey(privateKey, timeOf(stored.created_at), since === undefined ? undefined : timeOf(since))
}

async function signingKey(privateKey: KeyObject, createdAt: Date, signingSince: Date | undefined): Promise<SigningKey> {
  const jwk = createPublicKey(privateKey).export({ format: 'jwk' }) as JWK
  const kid = await calculateJwkThumbprint(jwk)
  return { kid, privateKey, publicJwk: { ...jwk, kid, alg: 'ES256', use: 'sig' }, createdAt, signingSince }
}

function timeOf(text: unknown): Date {
  const time = new Date(String(text))
  if (Number.isNaN(time.getTime())) throw new Error(`${text} is no point in time`)
  return time
}
