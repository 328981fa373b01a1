import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const key32 = () => randomBytes(32).toString('base64')

/** Named as the environment variables in which the services expect them. */
const GENERATORS = {
  POSTGRES_PASSWORD: () => randomBytes(24).toString('hex'),
  GATEWAY_TOKEN: () => randomBytes(32).toString('base64url'),
  TOTP_KEY: key32,
  THAI_ID_KEY: key32,
  THAI_ID_HASH_KEY: key32,
  CONTACT_HASH_KEY: key32,
  CONFIRMATION_KEY: key32,
}

export type Secrets = Record<keyof typeof GENERATORS, string> & {
  /** PKCS#8 PEM of the ES256 key that signs access tokens. */
  JWT_PRIVATE_KEY_FILE: string
}

/** This machine's secrets: each is made once and then kept, because stored data depends on it. */
export function ensureSecrets(dir: string): Secrets {
  const file = join(dir, 'secrets.json')
  const stored = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Partial<Secrets>) : {}
  const missing = (Object.keys(GENERATORS) as (keyof typeof GENERATORS)[]).filter((name) => !stored[name])
  for (const name of missing) stored[name] = GENERATORS[name]()
  mkdirSync(dir, { recursive: true })
  if (missing.length > 0) writePrivately(file, JSON.stringify(stored, null, 2) + '\n')
  return { ...(stored as Secrets), JWT_PRIVATE_KEY_FILE: ensureSigningKey(join(dir, 'keys')) }
}

function ensureSigningKey(folder: string): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  chmodSync(folder, 0o700)
  const file = join(folder, 'jwt.pem')
  if (!existsSync(file)) {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    writePrivately(file, privateKey.export({ type: 'pkcs8', format: 'pem' }))
  }
  return file
}

/** Whole or not at all, and never readable by others, not even for a moment. */
function writePrivately(file: string, content: string | Buffer): void {
  const fresh = `${file}.${process.pid}`
  writeFileSync(fresh, content, { mode: 0o600 })
  renameSync(fresh, file)
}
