import argon2, { type HashOptions } from 'argon2'
import { expect } from 'chai'
import { amidTransaction } from '../test/support/amid-transaction.ts'
import { type Auth, PASSWORD, runAuth, tally } from '../test/support/auth.ts'
import { hashingCost } from './passwords.ts'

const [CHEAP, DEARER] = [
  { ARGON2_MEMORY_KIB: 8_192, ARGON2_PASSES: 1 },
  { ARGON2_MEMORY_KIB: 8_192, ARGON2_PASSES: 2 },
]

describe('a password that was hashed at another cost', () => {
  let auth: Auth
  before(async function () {
    this.timeout(60_000)
    auth = await runAuth({
      env: Object.fromEntries(Object.entries(DEARER).map(([name, cost]) => [name, String(cost)])),
    })
  })
  after(() => auth.stop())

  async function hashedAt(cost: HashOptions) {
    const member = await auth.member()
    const hash = await argon2.hash(PASSWORD, cost)
    await auth.query('update accounts set password_hash = $2 where id = $1', [member.userID, hash])
    return { ...member, hash }
  }
  async function hashOf(userID: string): Promise<string> {
    const [row] = await auth.query<{ password_hash: string }>('select password_hash from accounts where id = $1', [
      userID,
    ])
    return row?.password_hash ?? ''
  }

  it('is hashed anew by the login that shows it, and opens its session', async () => {
    const { userID, email, hash } = await hashedAt(hashingCost(CHEAP))
    expect((await auth.logIn(email, { password: 'wrong' })).status).to.equal(401)
    expect(await hashOf(userID)).to.equal(hash)
    expect((await auth.logIn(email)).status).to.equal(200)
    const renewed = await hashOf(userID)
    expect(argon2.needsRehash(renewed, hashingCost(DEARER))).to.equal(false)
    expect((await auth.logIn(email)).status).to.equal(200)
    expect(await hashOf(userID)).to.equal(renewed)
  })

  it('opens a session for each of many logins that hash it anew in the same instant', async () => {
    const { email } = await hashedAt(hashingCost(CHEAP))
    const logins = Array.from({ length: 10 }, () => auth.logIn(email))
    expect(tally(await Promise.all(logins))).to.deep.equal({ 200: 10 })
  })

  it('is not put back where another has been chosen meanwhile, and opens nothing then', async () => {
    const { userID, email } = await hashedAt(hashingCost(CHEAP))
    const chosen = await argon2.hash('two pangolins hum along', hashingCost(DEARER))
    const { status } = await amidTransaction(
      auth,
      [['update accounts set password_hash = $2 where id = $1', [userID, chosen]]],
      () => auth.logIn(email),
    )
    expect(status).to.equal(403)
    expect(await hashOf(userID)).to.equal(chosen)
  })

  it('lets its owner in also where it cannot be hashed anew', async () => {
    const { userID, email, hash } = await hashedAt(hashingCost(CHEAP))
    const { hash: hashing } = argon2
    argon2.hash = () => Promise.reject<never>(new Error('no memory'))
    try {
      expect((await auth.logIn(email)).status).to.equal(200)
    } finally {
      argon2.hash = hashing
    }
    expect(await hashOf(userID)).to.equal(hash)
  })
})
