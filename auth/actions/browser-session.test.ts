import { expect } from 'chai'
import { type Auth, anAddress, callerOf, claimsOf, PASSWORD, runAuth, tally } from '../../test/support/auth.ts'
import { attributesOf, cookieHeader, cookiesOf } from '../../test/support/cookies.ts'

describe('a session in a browser', () => {
  let auth: Auth
  before(async function () {
    this.timeout(60_000)
    auth = await runAuth({ nodes: 2 })
  })
  after(() => auth.stop())

  const logIn = (email: string, headers: Record<string, string> = {}) =>
    auth.post('login', { email, password: PASSWORD, refreshTokenIn: 'cookie' }, headers)

  /** A browser of one's own, at an address of its own: what it sends with every request. */
  async function browser() {
    const { email } = await auth.member()
    const from = { 'x-real-ip': anAddress() }
    const answer = await logIn(email, from)
    const cookies = cookiesOf(answer.headers)
    const csrf = { 'x-csrf-token': cookies['__Host-jade_csrf'] ?? '' }
    const { sid } = claimsOf(answer.body.data['accessToken'])
    return { email, from, answer, cookies, csrf, sid, headers: { ...from, ...csrf, ...cookieHeader(cookies) } }
  }

  const refresh = (headers: Record<string, string>) => auth.post('refresh', undefined, headers)
  const withCookies = ({ from, csrf }: Awaited<ReturnType<typeof browser>>, headers: Headers) => ({
    ...from,
    ...csrf,
    ...cookieHeader(cookiesOf(headers)),
  })
  const hasEnded = async (sid: string) => (await auth.redis.exists(`revoked:${sid}`)) === 1

  it('keeps the refresh token in a cookie that scripts cannot read and only auth is sent', async () => {
    const { answer, cookies } = await browser()
    expect(attributesOf(answer.headers, '__Secure-jade_refresh')).to.have.members([
      'path=/api/v1/auth',
      'samesite=strict',
      'secure',
      'httponly',
    ])
    expect(attributesOf(answer.headers, '__Host-jade_csrf')).to.have.members(['path=/', 'samesite=strict', 'secure'])
    expect(answer.body.data).to.have.all.keys('accessToken', 'tokenType', 'expiresIn', 'csrfToken')
    expect(answer.body.data['csrfToken']).to.equal(cookies['__Host-jade_csrf'])
  })

  it('sets no cookies for others, and takes no other wish', async () => {
    const { email } = await auth.member()
    expect((await auth.logIn(email)).headers.getSetCookie()).to.deep.equal([])
    const { status, body } = await auth.post('login', { email, password: PASSWORD, refreshTokenIn: 'header' })
    expect([status, body.errors[0]?.field]).to.deep.equal([400, 'refreshTokenIn'])
  })

  it('goes on with the next cookie', async () => {
    const mine = await browser()
    const first = await refresh(mine.headers)
    expect(first.status).to.equal(200)
    expect(claimsOf(first.body.data['accessToken']).sid).to.equal(mine.sid)
    expect(first.body.data).not.to.have.property('refreshToken')
    const cookies = cookiesOf(first.headers)
    expect(cookies['__Secure-jade_refresh']).not.to.equal(mine.cookies['__Secure-jade_refresh'])
    expect(cookies['__Host-jade_csrf']).to.equal(mine.cookies['__Host-jade_csrf'])
    expect((await refresh(withCookies(mine, first.headers))).status).to.equal(200)
  })

  for (const action of ['refresh', 'logout'])
    it(`takes the cookie for ${action} with the session's own token alone, and loses nothing by the rest`, async () => {
      const [mine, stranger] = [await browser(), await browser()]
      for (const token of [undefined, '', 'wrong', stranger.cookies['__Host-jade_csrf']]) {
        const headers = { ...cookieHeader(mine.cookies), ...(token !== undefined && { 'x-csrf-token': token }) }
        const { status, body } = await auth.post(action, undefined, headers)
        expect([status, body.code]).to.deep.equal([403, 'CSRF_TOKEN_INVALID'])
      }
      expect((await auth.post(action, undefined, mine.headers)).status).to.equal(200)
    })

  it('gives all tabs that refresh at the same time, on two nodes, the same cookie', async () => {
    const mine = await browser()
    const answers = await Promise.all(Array.from({ length: 8 }, () => refresh(mine.headers)))
    expect(tally(answers)).to.deep.equal({ 200: 8 })
    expect(new Set(answers.map(({ headers }) => cookiesOf(headers)['__Secure-jade_refresh'])).size).to.equal(1)
    expect((await refresh(withCookies(mine, (answers[0] as (typeof answers)[0]).headers))).status).to.equal(200)
  })

  describe('ends when a spent cookie comes', () => {
    const again: Record<string, (mine: Awaited<ReturnType<typeof browser>>, headers: Headers) => Promise<unknown>> = {
      'from elsewhere': async (mine) => Object.assign(mine.headers, { 'x-real-ip': anAddress() }),
      'from another program': async (mine) => Object.assign(mine.headers, { 'user-agent': 'curl/8.0' }),
      'after the next one was used': (mine, headers) => refresh(withCookies(mine, headers)),
      'ten seconds later': ({ sid }) =>
        auth.query(`update refresh_tokens set used_at = used_at - interval '10 seconds' where session_id = $1`, [sid]),
    }
    for (const [when, happens] of Object.entries(again))
      it(when, async () => {
        const mine = await browser()
        const { headers } = await refresh(mine.headers)
        await happens(mine, headers)
        expect((await refresh(mine.headers)).status).to.equal(401)
        expect(await hasEnded(mine.sid)).to.equal(true)
        expect((await refresh(withCookies(mine, headers))).status).to.equal(401)
      })
  })

  it('takes the cookies away when it is over', async () => {
    const mine = await browser()
    const out = await auth.post('logout', undefined, mine.headers)
    expect(cookiesOf(out.headers)).to.deep.equal({ '__Secure-jade_refresh': '', '__Host-jade_csrf': '' })
    expect(await hasEnded(mine.sid)).to.equal(true)
    const late = await refresh(mine.headers)
    expect([late.status, late.body.code]).to.deep.equal([401, 'INVALID_REFRESH_TOKEN'])
    expect(cookiesOf(late.headers)).to.deep.equal({ '__Secure-jade_refresh': '', '__Host-jade_csrf': '' })
  })

  it('ends with an access token, too, and is over without any cookie', async () => {
    const mine = await browser()
    const headers = { ...cookieHeader(mine.cookies), ...callerOf(mine.answer.body.data['accessToken']) }
    const out = await auth.post('logout', undefined, headers)
    expect([out.status, cookiesOf(out.headers)['__Secure-jade_refresh']]).to.deep.equal([200, ''])
    expect((await refresh({})).body.code).to.equal('INVALID_REFRESH_TOKEN')
  })

  it('is a new one, whatever cookies somebody has planted before the login', async () => {
    const attacker = await browser()
    const { email, userID } = await auth.member()
    const victim = await logIn(email, cookieHeader(attacker.cookies))
    const claims = claimsOf(victim.body.data['accessToken'])
    expect(claims.sub).to.equal(userID)
    expect(claims.sid).not.to.equal(attacker.sid)
    const planted = await refresh(attacker.headers)
    expect(claimsOf(planted.body.data['accessToken'])).to.include({ sid: attacker.sid })
    const mixed = { ...cookieHeader(cookiesOf(victim.headers)), ...attacker.csrf }
    expect((await refresh(mixed)).status).to.equal(403)
  })
})
