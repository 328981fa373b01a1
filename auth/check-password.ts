import type { Client } from './client.ts'
import type { Dependencies } from './dependencies.ts'
import { Locked, passwordSubject } from './lock-out.ts'
import { type Account, findByEmail } from './queries/accounts.ts'
import { audit } from './queries/audit.ts'

const MAX_FAILURES = 5

interface Attempt {
  email: string
  password: string
  client: Client
  /** What a wrong one is in the audit log. */
  failure: 'login.failed' | 'password.change_failed'
}

export type Proven = Account & { password_hash: string }

/** The account that has this address and this password. Failures count against both the account and the client's address. */
export async function checkPassword(
  { db, lockOut, passwords }: Pick<Dependencies, 'db' | 'lockOut' | 'passwords'>,
  { email, password, client, failure }: Attempt,
): Promise<Proven | undefined> {
  const subjects = { own: passwordSubject(email), shared: `address:${client.address}`, most: MAX_FAILURES }
  let known: Account | undefined
  const judge = async () => {
    known = await findByEmail(db, email)
    return (await passwords.matches(known?.password_hash, password)) ? (known as Proven) : undefined
  }
  const account = await lockOut.guard(subjects, judge).catch(async (error) => {
    if (error instanceof Locked) await audit(db, 'login.locked', { client })
    throw error
  })
  if (!account) await audit(db, failure, { client, accountID: known?.id })
  return account
}
