import type { Knex } from 'knex'
import { invalidInput } from '../lib/errors.ts'
import type { Client } from './client.ts'
import type { PasswordPolicy } from './password-policy.ts'
import { type Account, setPassword } from './queries/accounts.ts'
import { audit } from './queries/audit.ts'
import { deleteMfaTokens } from './queries/mfa-tokens.ts'
import { deletePasswordResets } from './queries/password-resets.ts'
import { endAudited } from './sign-out.ts'
import { tellOwner } from './tell-owner.ts'

interface Replacement {
  account: Pick<Account, 'id' | 'email'>
  passwordHash: string
  event: 'password.reset' | 'password.changed'
  client: Client
  /** The session that goes on; none where nobody is signed in here. */
  keep?: string
}

/** Puts a new password in force, ends whatever was begun with the old one, and has the owner told. */
export async function replacePassword(trx: Knex.Transaction, replacement: Replacement): Promise<void> {
  const { account, passwordHash, event, client, keep } = replacement
  const { id: accountID } = account
  await setPassword(trx, accountID, passwordHash)
  await deletePasswordResets(trx, accountID)
  await deleteMfaTokens(trx, accountID)
  await audit(trx, event, { client, accountID })
  await endAudited(trx, { accountID, keep }, { client })
  await tellOwner(trx, account, 'password_changed')
}

export function refuseWeak(policy: PasswordPolicy, field: string, password: string, email: string): void {
  const message = policy(password, email)
  if (message) throw invalidInput([{ field, message }])
}

/** Of a body's JSON Schema. What a new password must be is for the policy to say. */
export const passwordField = { type: 'string', minLength: 1, maxLength: 1_024 } as const
