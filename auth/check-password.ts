import type { Knex } from 'knex'
import { HttpError } from '../lib/errors.ts'
import type { Client } from './client.ts'
import { countedAddress } from './counted-address.ts'
import type { Dependencies } from './dependencies.ts'
import { Locked, passwordSubject, type Right } from './lock-out.ts'
import { type Account, findByEmail } from './queries/accounts.ts'
import { endAttempt } from './queries/attempts.ts'
import { audit } from './queries/audit.ts'
import { renewHash } from './renew-hash.ts'
import { tellOwner } from './tell-owner.ts'

const MAX_FAILURES = 5

interface Attempt {
  email: string
  password: string
  client: Client
  /** What a wrong one is in the audit log. */
  failure: 'login.failed' | 'password.change_failed' | 'session.step_up_failed'
}

export type Proven = Account & { password_hash: string }

export type PasswordParts = Pick<Dependencies, 'db' | 'lockOut' | 'passwords' | 'log'>

/** The account that has this address, confirmed, and this password. Failures count against both the account and the client's address. */
export async function checkPassword(parts: PasswordParts, attempt: Attempt): Promise<Proven | undefined> {
  const right = await judgePassword(parts, attempt)
  if (right) await endAttempt(parts.db, right.ending)
  return right?.judged
}

/** As `checkPassword`, but leaves the ending of a right attempt to the caller. */
export async function judgePassword(
  { db, lockOut, passwords, log }: PasswordParts,
  { email, password, client, failure }: Attempt,
): Promise<Right<Proven> | undefined> {
  let known: Account | undefined
  const judge = async (account: Account | undefined) => {
    known = account
    return (await passwords.matches(account?.password_hash, password)) ? (account as Proven) : undefined
  }
  const lockBegins = async (trx: Knex.Transaction) => {
    if (known?.status === 'active') await tellOwner(trx, known, 'sign_in_locked')
  }
  const shared = `address:${countedAddress(client.address)}`
  const subjects = { own: passwordSubject(email), shared, most: MAX_FAILURES, email, lockBegins }
  const right = await lockOut.guard(subjects, judge).catch(async (error) => {
    if (error instanceof Locked) {
      await audit(db, 'login.locked', { client, accountID: (await findByEmail(db, email))?.id })
    }
    throw error
  })
  if (right && right.judged.status !== 'pending') {
    return { ...right, judged: await renewHash({ db, passwords, log }, right.judged, password) }
  }
  // An unconfirmed address is answered as a wrong password: else whoever registers it, and so chooses the password, would learn
  // from one login whether somebody has an account there. It does not count: news of a confirmation may still be on its way.
  if (right) await endAttempt(db, right.ending)
  await audit(db, failure, { client, accountID: known?.id })
}

/** Told to whoever is signed in already. */
export const wrongPassword = () => new HttpError(401, 'INVALID_CREDENTIALS', 'Wrong password')
