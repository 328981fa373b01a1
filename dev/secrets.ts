import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const key32 = () => randomBytes(32).toString('base64')

/** Named as the environment variables in which the services expect them. */
const GENERATORS = {
  POSTGRES_PASSWORD: () => randomBytes(24).toString('hex'),
  GATEWAY_TOKEN: () => randomBytes(32).toString('base64url'),
  TOTP_KEY: key32,
  COOKIE_KEY: key32,
  THAI_ID_KEY: key32,
  THAI_ID_HASH_KEY: key32,
  CONTACT_HASH_KEY: key32,
  CONFIRMATION_KEY: key32,
  PASSWORD_RESET_KEY: key32,
}

export type Secrets = Record<keyof typeof GENERATORS, string>

/** This machine's secrets: each is made once and then kept, because stored data depends on it. */
export function ensureSecrets(dir: string): Secrets {
  const file = join(dir, 'secrets.json')
  const stored = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Partial<Secrets>) : {}
  const missing = (Object.keys(GENERATORS) as (keyof typeof GENERATORS)[]).filter((name) => !stored[name])
  for (const name of missing) stored[name] = GENERATORS[name]()
  mkdirSync(dir, { recursive: true })
  if (missing.length > 0) writePrivately(file, JSON.stringify(stored, null, 2) + '\n')
  return stored as Secrets
}

/** Whole or not at all, and never readable by others, not even for a moment. */
function writePrivately(file: string, content: string): void {
  const fresh = `${file}.${process.pid}`
  writeFileSync(fresh, content, { mode: 0o600 })
  renameSync(fresh, file)
}
