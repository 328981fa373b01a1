import type { Redis } from 'ioredis'
import type { Knex } from 'knex'
import type { Log } from '../lib/log.ts'
import type { LockOut } from './lock-out.ts'
import type { Providers } from './oidc/providers.ts'
import type { PasswordPolicy } from './password-policy.ts'
import type { Passwords } from './passwords.ts'
import type { Revocations } from './revocations.ts'
import type { KeyManagement } from './signing-keys/key-management.ts'
import type { SigningKeys } from './signing-keys/signing-keys.ts'
import type { Totp } from './totp.ts'

/** What the actions work with; each names the few it takes. */
export interface Dependencies {
  db: Knex
  redis: Redis
  log: Log
  signingKeys: SigningKeys
  keyManagement: KeyManagement
  passwords: Passwords
  policy: PasswordPolicy
  lockOut: LockOut
  totp: Totp
  /** Signs what browsers keep. */
  cookieKey: Buffer
  /** Tells the secrets in mailed links from forged ones. */
  passwordResetKey: Buffer
  revocations: Revocations
  /** What lets people sign in to apps of others with their account here. */
  providers: Providers
}
