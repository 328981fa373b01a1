import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { calculateJwkThumbprint, type JWK } from 'jose'
import { ConfigError } from '../lib/config.ts'

export interface SigningKey {
  /** Its RFC 7638 thumbprint. */
  kid: string
  privateKey: KeyObject
  publicJwk: JWK
}

export async function readSigningKey(file: string): Promise<SigningKey> {
  const privateKey = await readPrivateKey(file)
  if (privateKey.asymmetricKeyDetails?.namedCurve !== 'prime256v1') {
    throw new ConfigError(`JWT_PRIVATE_KEY_FILE: ES256 takes an EC key on the curve P-256, ${file} holds another`)
  }
  const jwk = createPublicKey(privateKey).export({ format: 'jwk' }) as JWK
  const kid = await calculateJwkThumbprint(jwk)
  return { kid, privateKey, publicJwk: { ...jwk, kid, alg: 'ES256', use: 'sig' } }
}

async function readPrivateKey(file: string): Promise<KeyObject> {
  try {
    return createPrivateKey(await readFile(file))
  } catch (error) {
    throw new ConfigError(`JWT_PRIVATE_KEY_FILE: no private key in PEM can be read from ${file}`, { cause: error })
  }
}
