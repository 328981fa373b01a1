import { randomInt, randomUUID } from 'node:crypto'
import argon2 from 'argon2'
import { expect } from 'chai'
import { expectAlike } from '../../test/support/alike.ts'
import { type Auth, PASSWORD, runAuth } from '../../test/support/auth.ts'
import type { Answer } from '../../test/support/run-service.ts'
import { TRIES } from '../../test/support/timing.ts'
import { ANSWER_MS } from '../in-constant-time.ts'
import { passwordSubject } from '../lock-out.ts'
import { hashingCost } from '../passwords.ts'

/** Cheap enough for so many tries, and still far dearer than what may not show. */
const COST = { ARGON2_MEMORY_KIB: 8_192, ARGON2_PASSES: 1 }
/** How many tries go at once where most of an answer's time is waiting. */
const LANES = 8

describe('who has an account shows neither in the answer nor in its time', function () {
  this.timeout(120_000)
  let auth: Auth
  before(async () => {
    const env = Object.fromEntries(Object.entries(COST).map(([name, value]) => [name, String(value)]))
    auth = await runAuth({ env })
    await auth.query(
      `insert into accounts (id, email, password_hash, confirmed_at)
       select gen_random_uuid(), 'known-' || n || '@example.com', $1, now() from generate_series(0, $2::int) n`,
      [await argon2.hash(PASSWORD, hashingCost(COST)), 2 * TRIES],
    )
  })
  after(() => auth.stop())

  const unknown = () => `unknown-${randomUUID()}@example.com`
  /** Each address is asked for once: a second failure, mail or registration is another matter. */
  let asked = 0
  const known = () => `known-${asked++ % (2 * TRIES)}@example.com`
  beforeEach(() => {
    asked = 0
  })

  type Ask = (email: string) => Promise<Answer<object>>
  const alike = (ask: Ask, options = {}) =>
    expectAlike({ one: () => ask(known()), other: () => ask(unknown()) }, options)

  it('at login', () => alike((email) => auth.logIn(email, { password: 'wrong' })))

  it('at the failed login that locks', async () => {
    const unknowns = Array.from({ length: 2 * TRIES }, unknown)
    const subjects = [...unknowns, ...unknowns.map(known)].map(passwordSubject)
    await auth.query(
      `insert into attempts (subject, failed_at) select unnest($1::text[]), array_fill(now(), array[4])
       on conflict (subject) do update set failed_at = excluded.failed_at`,
      [subjects],
    )
    let fastest = Number.POSITIVE_INFINITY
    const fail = async (email = '') => {
      const started = performance.now()
      const answer = await auth.logIn(email, { password: 'wrong' })
      fastest = Math.min(fastest, performance.now() - started)
      return answer
    }
    await expectAlike({ one: () => fail(known()), other: () => fail(unknowns.pop()) }, { lanes: LANES })
    const locked = await auth.query('select from attempts where locked_until > now()')
    expect(locked).to.have.lengthOf.at.least(2 * TRIES)
    // What is done for an owner alone is too short to be measured here; where Postgres is far away it is not.
    expect(fastest).to.be.above(ANSWER_MS - 5)
  })

  it('where a password is forgotten', () => alike((email) => auth.post('password/forgot', { email }), { lanes: LANES }))

  it('at registration', () =>
    alike(
      (email) => {
        const phoneNumber = `+6681${randomInt(1_000_000, 9_999_999)}`
        return auth.post('register', { email, password: PASSWORD, name: 'Somebody', phoneNumber })
      },
      { lanes: LANES },
    ))
})
