import { expect } from 'chai'
import { type Auth, callerOf, claimsOf, PASSWORD, runAuth } from '../../test/support/auth.ts'
import { attributesOf, cookieHeader, cookiesOf } from '../../test/support/cookies.ts'

interface DeviceView {
  id: string
  device: string
  current: boolean
}

const CHROME =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36'

describe('remembered devices', () => {
  let auth: Auth
  before(async function () {
    this.timeout(60_000)
    auth = await runAuth({ nodes: 2 })
  })
  after(() => auth.stop())

  /** Somebody who has shown a code and wants this browser remembered. */
  async function remembered() {
    const member = await auth.member()
    const { code } = await auth.withSecondFactor(member.userID)
    const proof = { mfaToken: await auth.mfaToken(member.email), code: await code(), rememberDevice: true }
    const answer = await auth.post('mfa/verify', proof, { 'user-agent': CHROME })
    const cookies = cookiesOf(answer.headers)
    return { ...member, code, answer, cookies, caller: callerOf(answer.body.data['accessToken']) }
  }

  const logIn = (email: string, cookies: Record<string, string>, password = PASSWORD) =>
    auth.post('login', { email, password }, cookieHeader(cookies))
  const asksForCode = async (email: string, cookies: Record<string, string>) =>
    'mfaRequired' in (await logIn(email, cookies)).body.data
  const list = (headers: Record<string, string>) =>
    auth.call<{ data: DeviceView[]; meta: object }>('/api/v1/auth/devices', { headers })
  const forget = (id: string | undefined, headers: Record<string, string>) =>
    auth.call(`/api/v1/auth/devices/${id}`, { method: 'DELETE', headers })

  it('are known by a cookie that scripts cannot read, only where one asks for it', async () => {
    const { answer, email, code } = await remembered()
    expect(attributesOf(answer.headers, '__Secure-jade_device')).to.have.members([
      'path=/api/v1/auth',
      'samesite=strict',
      'secure',
      'httponly',
    ])
    const plain = await auth.post('mfa/verify', { mfaToken: await auth.mfaToken(email), code: await code(1) })
    expect([plain.status, plain.headers.getSetCookie()]).to.deep.equal([200, []])
  })

  it('skip the second factor, which counts from when it was shown there', async () => {
    const { userID, email, cookies } = await remembered()
    await auth.query(`update devices set verified_at = to_timestamp(1700000000) where account_id = $1`, [userID])
    const { accessToken } = (await logIn(email, cookies)).body.data
    expect(claimsOf(accessToken)).to.deep.include({ amr: ['pwd', 'otp'], auth_time: 1_700_000_000 })
  })

  it('do not skip the password', async () => {
    const { email, cookies } = await remembered()
    expect((await logIn(email, cookies, 'wrong')).status).to.equal(401)
  })

  it('are remembered for their own account alone', async () => {
    const [{ cookies }, { email }] = [await remembered(), await remembered()]
    expect(await asksForCode(email, cookies)).to.equal(true)
  })

  it('are nothing without our signature', async () => {
    const { email, cookies } = await remembered()
    const [token = '', signature = ''] = (cookies['__Secure-jade_device'] ?? '').split('.')
    const changed = signature.replace(/^./, (first) => (first === 'A' ? 'B' : 'A'))
    for (const value of [token, `${token}.`, `${token}.${changed}`, '.', ''])
      expect(await asksForCode(email, { '__Secure-jade_device': value }), value).to.equal(true)
    expect(await asksForCode(email, cookies)).to.equal(false)
  })

  it('are forgotten after thirty days', async () => {
    const { userID, email, cookies } = await remembered()
    const age = `update devices set expires_at = expires_at - cast($2 as interval) where account_id = $1`
    await auth.query(age, [userID, '29 days 23 hours'])
    expect(await asksForCode(email, cookies)).to.equal(false)
    await auth.query(age, [userID, '1 hour'])
    expect(await asksForCode(email, cookies)).to.equal(true)
  })

  it('are listed with a label, and removed one by one', async () => {
    const { email, cookies, caller } = await remembered()
    const { body } = await list({ ...caller, ...cookieHeader(cookies) })
    expect(body.data).to.have.lengthOf(1)
    expect(body.data[0]).to.include({ device: 'Chrome on Windows', current: true })
    expect(body.data[0]).to.have.all.keys('id device address rememberedAt lastUsedAt expiresAt current'.split(' '))
    expect(body.meta).to.deep.equal({ page: 1, limit: 20, total: 1 })
    expect((await list(caller)).body.data[0]).to.include({ current: false })

    expect((await forget(body.data[0]?.id, caller)).status).to.equal(200)
    expect((await forget(body.data[0]?.id, caller)).status).to.equal(404)
    expect((await list(caller)).body.data).to.deep.equal([])
    expect(await asksForCode(email, cookies)).to.equal(true)
  })

  it('are nobody else’s to remove', async () => {
    const [mine, stranger] = [await remembered(), await remembered()]
    const [device] = (await list(mine.caller)).body.data
    expect((await forget(device?.id, stranger.caller)).status).to.equal(404)
    expect(await asksForCode(mine.email, mine.cookies)).to.equal(false)
  })

  for (const action of ['logout-all', 'mfa/totp/disable'])
    it(`are forgotten by ${action}`, async () => {
      const { userID, cookies, caller } = await remembered()
      const { headers } = await auth.post(action, undefined, { ...caller, ...cookieHeader(cookies) })
      expect(cookiesOf(headers)).to.include({ '__Secure-jade_device': '' })
      expect(await auth.query('select from devices where account_id = $1', [userID])).to.deep.equal([])
    })
})
