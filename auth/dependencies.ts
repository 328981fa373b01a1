import type { Redis } from 'ioredis'
import type { Knex } from 'knex'
import type { Log } from '../lib/log.ts'
import type { PasswordPolicy } from './password-policy.ts'
import type { Passwords } from './passwords.ts'
import type { Revocations } from './revocations.ts'
import type { SigningKey } from './signing-key.ts'
import type { Totp } from './totp.ts'

/** What the actions work with; each names the few it takes. */
export interface Dependencies {
  db: Knex
  redis: Redis
  log: Log
  signingKey: SigningKey
  passwords: Passwords
  policy: PasswordPolicy
  totp: Totp
  revocations: Revocations
}
