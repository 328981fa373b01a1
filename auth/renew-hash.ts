import type { Proven } from './check-password.ts'
import type { Dependencies } from './dependencies.ts'
import { findByID, replaceHash } from './queries/accounts.ts'

/**
 * Hashes a password anew that has just been shown, where the cost of hashing has changed since: else its owner's logins would
 * show by their time who has an account. Gives the account as it is now; where that fails it stays as it was.
 */
export async function renewHash(
  { db, passwords, log }: Pick<Dependencies, 'db' | 'passwords' | 'log'>,
  account: Proven,
  password: string,
): Promise<Proven> {
  try {
    const renewed = await passwords.renewed(account.password_hash, password)
    if (!renewed) return account
    if (await replaceHash(db, account, renewed)) return { ...account, password_hash: renewed }
    // Another login has been faster, unless somebody has chosen another password.
    const current = await findByID(db, account.id)
    return (await passwords.matches(current?.password_hash, password)) ? (current as Proven) : account
  } catch (error) {
    log.warn('a password keeps its hash for now', { error })
    return account
  }
}
