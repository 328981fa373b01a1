import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export const KID = 'bench-key'
const TOKEN_LIFE_SECONDS = 3_600

export interface SigningKey {
  publicPem: string
  /** A token as auth makes them, of a user whom nobody else is. */
  token(user: number): string
}

/** ES256. It stays in `folder`, so that a peer which knows it needs no new config for the next run. */
export function signingKey(folder: string): SigningKey {
  const file = join(folder, 'key.pem')
  if (!existsSync(file)) {
    mkdirSync(folder, { recursive: true })
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    writeFileSync(file, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 })
  }
  const privateKey = createPrivateKey(readFileSync(file))
  const publicPem = String(createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }))
  return { publicPem, token: (user) => tokenOf(user, privateKey) }
}

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

function tokenOf(user: number, privateKey: KeyObject): string {
  const now = Math.floor(Date.now() / 1000)
  const id = String(user).padStart(12, '0')
  const claims = {
    iss: 'jade-palace',
    sub: `00000000-0000-4000-8000-${id}`,
    sid: `00000000-0000-4000-9000-${id}`,
    email: `user-${user}@example.test`,
    roles: ['member'],
    amr: ['pwd'],
    iat: now,
    nbf: now,
    exp: now + TOKEN_LIFE_SECONDS,
  }
  const input = `${encode({ alg: 'ES256', kid: KID })}.${encode(claims)}`
  const signature = sign('sha256', Buffer.from(input), { key: privateKey, dsaEncoding: 'ieee-p1363' })
  return `${input}.${signature.toString('base64url')}`
}
