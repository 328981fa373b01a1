import type { Knex } from 'knex'
import type { Client } from './client.ts'
import { countedAddress } from './counted-address.ts'
import type { Dependencies } from './dependencies.ts'
import { Locked, passwordSubject } from './lock-out.ts'
import { type Account, findByEmail } from './queries/accounts.ts'
import { audit } from './queries/audit.ts'
import { renewHash } from './renew-hash.ts'
import { tellOwner } from './tell-owner.ts'

const MAX_FAILURES = 5

interface Attempt {
  email: string
  password: string
  client: Client
  /** What a wrong one is in the audit log. */
  failure: 'login.failed' | 'password.change_failed'
}

export type Proven = Account & { password_hash: string }

export type PasswordParts = Pick<Dependencies, 'db' | 'lockOut' | 'passwords' | 'log'>

/** The account that has this address, confirmed, and this password. Failures count against both the account and the client's address. */
export async function checkPassword(
  { db, lockOut, passwords, log }: PasswordParts,
  { email, password, client, failure }: Attempt,
): Promise<Proven | undefined> {
  let known: Account | undefined
  const judge = async () => {
    known = await findByEmail(db, email)
    return (await passwords.matches(known?.password_hash, password)) ? (known as Proven) : undefined
  }
  const lockBegins = async (trx: Knex.Transaction) => {
    if (known?.status === 'active') await tellOwner(trx, known, 'sign_in_locked')
  }
  const shared = `address:${countedAddress(client.address)}`
  const subjects = { own: passwordSubject(email), shared, most: MAX_FAILURES, lockBegins }
  const account = await lockOut.guard(subjects, judge).catch(async (error) => {
    if (error instanceof Locked) {
      await audit(db, 'login.locked', { client, accountID: (await findByEmail(db, email))?.id })
    }
    throw error
  })
  // An unconfirmed address is answered as a wrong password: else whoever registers it, and so chooses the password, would learn
  // from one login whether somebody has an account there. It does not count: news of a confirmation may still be on its way.
  if (account && account.status !== 'pending') return renewHash({ db, passwords, log }, account, password)
  await audit(db, failure, { client, accountID: known?.id })
}
