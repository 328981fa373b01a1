import { createPublicKey } from 'node:crypto'
import { replaceFile } from '../../lib/replace-file.ts'
import type { SigningKey } from './signing-key.ts'

/** A key as decK and the Admin API write it. */
export interface JwtSecret {
  key: string
  algorithm: 'ES256'
  /** ES256 has no use for it; left out, Kong makes one up and every diff shows it. */
  secret: 'none'
  rsa_public_key: string
}

/** The public halves. */
export const jwtSecrets = (keys: SigningKey[]): JwtSecret[] =>
  keys.map(({ kid, privateKey }) => ({
    key: kid,
    algorithm: 'ES256',
    secret: 'none',
    rsa_public_key: String(createPublicKey(privateKey).export({ type: 'spki', format: 'pem' })),
  }))

/** Says in the file what kong.yaml takes for DECK_JWT_SECRETS: on one line, as JSON, which is YAML too. Nothing in it is secret. */
export const declare = (file: string, keys: SigningKey[]): Promise<void> =>
  replaceFile(file, `${JSON.stringify(jwtSecrets(keys))}\n`, 0o644)
