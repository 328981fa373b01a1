import { expect } from 'chai'
import { type Auth, anAddress, callerOf, runAuth, tally } from '../../test/support/auth.ts'

const QUEUE = 20
const FLOOD = 200

describe('a flood of logins', () => {
  let auth: Auth
  before(async function () {
    this.timeout(60_000)
    auth = await runAuth({ env: { ARGON2_QUEUE: String(QUEUE), ARGON2_PASSES: '20' } })
  })
  after(() => auth.stop())

  it('slows logins and nothing else: whatever else is asked is answered while they wait', async () => {
    const { accessToken, refreshToken } = (await auth.logIn((await auth.member()).email)).body.data
    const { email } = await auth.member()
    let answered = 0
    const logins = Array.from({ length: QUEUE }, () =>
      auth.logIn(`${anAddress()}@example.com`).finally(() => {
        answered++
      }),
    )
    const own = auth.logIn(email)
    const headers = callerOf(accessToken)
    const others = [
      await auth.post('refresh', { refreshToken }),
      await auth.call('/api/v1/auth/me', { headers }),
      await auth.call('/api/v1/auth/sessions', { headers }),
      await auth.call('/api/v1/auth/jwks'),
    ]
    expect(others.map(({ status }) => status)).to.deep.equal([200, 200, 200, 200])
    expect(answered, 'logins answered before all else was').to.be.below(QUEUE / 2)
    await Promise.all(logins)
    expect((await own).status).to.equal(200)
  })

  it('beyond what can wait is refused with 503 and when to come again, and then it is over', async () => {
    const flood = await Promise.all(
      Array.from({ length: FLOOD }, () => auth.logIn(`${anAddress()}@example.com`, { password: 'wrong' })),
    )
    const counts = tally(flood)
    expect(Object.keys(counts)).to.deep.equal(['401', '503'])
    expect(counts[401]).to.be.at.least(QUEUE)
    const refused = flood.find(({ status }) => status === 503)
    expect(refused?.body.code).to.equal('BUSY')
    expect(Number(refused?.headers.get('retry-after'))).to.be.above(0)
    expect((await auth.logIn((await auth.member()).email)).status).to.equal(200)
  })

  it('that is refused counts as nobody’s failure', async () => {
    const { email } = await auth.member()
    const from = anAddress()
    const flood = Array.from({ length: FLOOD }, () => auth.logIn(`${anAddress()}@example.com`, { password: 'wrong' }))
    const own = Array.from({ length: 10 }, () => auth.logIn(email, { from }))
    await Promise.all([...flood, ...own])
    expect((await auth.logIn(email, { from })).status).to.equal(200)
  })
})
