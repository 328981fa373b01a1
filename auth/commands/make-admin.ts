import { randomUUID } from 'node:crypto'
import type { Knex } from 'knex'
import type { Passwords } from '../passwords.ts'
import { type Account, findByEmail, insertAdmin, promote } from '../queries/accounts.ts'
import { audit } from '../queries/audit.ts'
import { deleteMfaTokens } from '../queries/mfa-tokens.ts'
import { deletePasswordResets } from '../queries/password-resets.ts'
import { endAudited } from '../sign-out.ts'

export type Outcome = 'created' | 'promoted' | 'unchanged' | 'disabled'

interface Wish {
  email: string
  password: string
  /** Whether the password was asked for, so that it replaces the one an account has. */
  replace: boolean
}

/** Gives whoever has this address the role admin; `passwordSet` says whether the password is the one in the wish from now on. */
export async function makeAdmin(
  { db, passwords }: { db: Knex; passwords: Passwords },
  { email, password, replace }: Wish,
): Promise<{ outcome: Outcome; passwordSet: boolean }> {
  const passwordHash = await passwords.hash(password)
  return db.transaction(async (trx) => {
    const account = await findByEmail(trx, email)
    if (!account) {
      const accountID = randomUUID()
      await insertAdmin(trx, { id: accountID, email, passwordHash })
      await audit(trx, 'account.promoted', { accountID })
      return { outcome: 'created', passwordSet: true }
    }
    if (account.status === 'disabled') return { outcome: 'disabled', passwordSet: false }
    const passwordSet = replace || !hasOwnPassword(account)
    if (account.roles.includes('admin') && !passwordSet) return { outcome: 'unchanged', passwordSet }
    await promote(trx, account.id, passwordSet ? passwordHash : account.password_hash)
    if (passwordSet) {
      await deletePasswordResets(trx, account.id)
      await deleteMfaTokens(trx, account.id)
    }
    // Open sessions were begun without what an admin's session takes.
    await endAudited(trx, { accountID: account.id })
    await audit(trx, 'account.promoted', { accountID: account.id })
    return { outcome: 'promoted', passwordSet }
  })
}

/** Before the address is confirmed, anybody may have chosen the password. */
const hasOwnPassword = ({ status, password_hash }: Account): boolean => status === 'active' && password_hash !== null
