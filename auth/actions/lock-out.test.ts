import { expect } from 'chai'
import { until } from '../../dev/stack/until.ts'
import { type Auth, anAddress, PASSWORD, runAuth, tally } from '../../test/support/auth.ts'

describe('the lock-out of logins', () => {
  let auth: Auth
  before(async function () {
    this.timeout(60_000)
    auth = await runAuth()
  })
  after(() => auth.stop())

  it('locks an account after five failures, from wherever, with a time to wait', async () => {
    const { email } = await auth.member()
    for (let i = 0; i < 5; i++) expect((await auth.logIn(email, { password: 'wrong' })).status).to.equal(401)
    const { status, headers } = await auth.logIn(email)
    expect(status).to.equal(429)
    expect(Number(headers.get('retry-after'))).to.be.within(50, 60)
  })

  it('locks an address after five failures, for whatever account, and others go on', async () => {
    const { email } = await auth.member()
    const from = anAddress()
    for (let i = 0; i < 5; i++) await auth.logIn(`${i}${email}`, { from })
    expect((await auth.logIn(email, { from })).status).to.equal(429)
    expect((await auth.logIn(email)).status).to.equal(200)
  })

  it('tells the owner by mail as the first of a series of locks begins, and nobody of any other', async () => {
    const { userID, email } = await auth.member()
    const lock = async (address: string) => {
      for (let i = 0; i < 5; i++) expect((await auth.logIn(address, { password: 'wrong' })).status).to.equal(401)
      await auth.query(`update attempts set locked_until = now(), failed_at = array(
        select attempt - interval '1 minute' from unnest(failed_at) attempt) where subject like 'account:%'`)
    }
    const pending = await auth.member()
    await auth.query('update accounts set confirmed_at = null where id = $1', [pending.userID])
    for (const address of [pending.email, `not-${email}`, email, email]) await lock(address)
    expect((await auth.logIn(email)).status).to.equal(200)
    await lock(email)
    const notes = await auth.bus.read('account.security.noted')
    const told = (address: string) =>
      notes.map(({ value }) => JSON.parse(String(value))).filter((note) => note.email.endsWith(address))
    await until(() => told(email).length >= 2, { within: 15_000, what: 'the second note' })
    const note = { userID, email, noted: 'sign_in_locked' }
    expect(told(email)).to.deep.equal([note, note])
    expect(told(pending.email)).to.deep.equal([])
  })

  it('counts the addresses of one IPv6 network together', async () => {
    const { email } = await auth.member()
    for (let i = 0; i < 5; i++) await auth.logIn(`${i}${email}`, { from: `2001:db8:0:1::${i}` })
    expect((await auth.logIn(email, { from: '2001:db8:0:1:f::1' })).status).to.equal(429)
    expect((await auth.logIn(email, { from: '2001:db8:0:2::1' })).status).to.equal(200)
  })

  it('lets through no more than five of forty parallel guesses at one account', async () => {
    const { email } = await auth.member()
    const guesses = Array.from({ length: 40 }, () => auth.logIn(email, { password: 'wrong' }))
    expect(tally(await Promise.all(guesses))).to.deep.equal({ 401: 5, 429: 35 })
  })

  it('lets through no more than five of forty parallel guesses from one address', async () => {
    const from = anAddress()
    const guesses = Array.from({ length: 40 }, (_, i) => auth.logIn(`${i}${from}@example.com`, { from }))
    expect(tally(await Promise.all(guesses))).to.deep.equal({ 401: 5, 429: 35 })
  })

  it('answers an unknown e-mail address as it does a known one', async () => {
    const email = `nobody-${anAddress()}@example.com`
    const answers = []
    for (let i = 0; i < 6; i++) answers.push((await auth.logIn(email)).status)
    expect(answers).to.deep.equal([401, 401, 401, 401, 401, 429])
  })

  it('counts right passwords neither against the account nor against the address', async () => {
    const { email } = await auth.member()
    const from = anAddress()
    for (let i = 0; i < 7; i++) expect((await auth.logIn(email, { from })).status).to.equal(200)
    for (let i = 0; i < 4; i++) await auth.logIn(email, { password: 'wrong', from })
    expect((await auth.logIn(email, { from })).status).to.equal(200)
    expect((await auth.logIn(email, { password: 'wrong', from })).status).to.equal(401)
    expect((await auth.logIn(email, { from })).status).to.equal(429)
  })

  it('does not lock an address whose fifth attempt, under way with four failures, was right', async () => {
    const { email } = await auth.member()
    const from = anAddress()
    const wrong = Array.from({ length: 4 }, (_, i) => auth.logIn(`${i}${from}@example.com`, { from }))
    expect(tally(await Promise.all([...wrong, auth.logIn(email, { from })]))).to.deep.equal({ 200: 1, 401: 4 })
    expect((await auth.logIn(email, { from })).status).to.equal(200)
  })

  it('lets any number of parallel right logins through, from one address and to one account', async () => {
    const [member, other, from] = [await auth.member(), await auth.member(), anAddress()]
    const logins = Array.from({ length: 20 }, () => auth.logIn(member.email, { from }))
    expect(tally(await Promise.all(logins))).to.deep.equal({ 200: 20 })
    const mixed = Array.from({ length: 4 }, (_, i) => auth.logIn(`${i}${from}@example.com`, { from }))
    expect(tally(await Promise.all([...mixed, ...logins.map(() => auth.logIn(other.email, { from }))]))).to.deep.equal({
      200: 20,
      401: 4,
    })
  })

  it('leaves nothing being judged, however an attempt ends', async () => {
    const [active, pending, closed] = [await auth.member(), await auth.member(), await auth.member()]
    const staff = await auth.member({ roles: ['staff'] })
    await auth.query('update accounts set confirmed_at = null where id = $1', [pending.userID])
    await auth.query('update accounts set disabled_at = now() where id = $1', [closed.userID])
    const { code } = await auth.withSecondFactor(staff.userID)
    const change = { currentPassword: PASSWORD, newPassword: 'another lazy pangolin' }
    const answers = [
      await auth.logIn(active.email),
      await auth.logIn(active.email, { password: 'wrong' }),
      await auth.logIn(pending.email),
      await auth.logIn(closed.email),
      await auth.post('mfa/verify', { mfaToken: await auth.mfaToken(staff.email), code: await code() }),
      await auth.post('password/change', change, await auth.justSignedIn(active.userID)),
    ]
    expect(answers.map(({ status }) => status)).to.deep.equal([200, 401, 401, 403, 200, 200])
    expect(await auth.query('select from attempts where cardinality(judging) > 0')).to.deep.equal([])
  })

  it('leaves nothing being judged where no session could be opened', async () => {
    const { email } = await auth.member()
    await auth.query(`create function fail() returns trigger language plpgsql as $$ begin raise 'no room'; end $$`)
    await auth.query('create trigger no_room before insert on sessions execute function fail()')
    expect((await auth.logIn(email)).status).to.equal(500)
    await auth.query('drop trigger no_room on sessions; drop function fail()')
    expect(await auth.query('select from attempts where cardinality(judging) > 0')).to.deep.equal([])
  })

  it('opens after a minute, and locks twice as long the next time', async () => {
    const { email } = await auth.member()
    const fail = async () => {
      for (let i = 0; i < 5; i++) expect((await auth.logIn(email, { password: 'wrong' })).status).to.equal(401)
    }
    await fail()
    await auth.query(`update attempts set locked_until = now(), failed_at = array(
      select attempt - interval '1 minute' from unnest(failed_at) attempt) where subject like 'account:%'`)
    await fail()
    const { headers } = await auth.logIn(email)
    expect(Number(headers.get('retry-after'))).to.be.within(110, 120)
  })

  it('forgets failures after fifteen minutes', async () => {
    const { email } = await auth.member()
    for (let i = 0; i < 4; i++) await auth.logIn(email, { password: 'wrong' })
    await auth.query(`update attempts set failed_at = array(
      select attempt - interval '15 minutes' from unnest(failed_at) attempt)`)
    for (let i = 0; i < 4; i++) expect((await auth.logIn(email, { password: 'wrong' })).status).to.equal(401)
    expect((await auth.logIn(email)).status).to.equal(200)
  })
})
