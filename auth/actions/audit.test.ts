import { expect } from 'chai'
import { type Auth, runAuth } from '../../test/support/auth.ts'

interface Line {
  id: string
  at: string
  type: string
  userID: string | null
  address: string
  device: string
}

interface Page {
  data: Line[]
  meta: { nextCursor: string | null; hasMore: boolean }
}

describe('the audit log, for staff', () => {
  let auth: Auth
  before(async function () {
    this.timeout(60_000)
    auth = await runAuth()
  })
  after(() => auth.stop())

  const read = async (query: string) => (await auth.call<Page>(`/api/v1/auth/audit?${query}`)).body
  const typesOf = ({ data }: Page) => data.map(({ type }) => type)

  it('shows who did what from where, the newest first', async () => {
    const { userID, email } = await auth.member()
    await auth.logIn(email, { from: '10.9.8.7' })
    await auth.post('password/forgot', { email })
    const page = await read(`userID=${userID}`)
    expect(typesOf(page)).to.deep.equal(['password.reset_requested', 'login.succeeded', 'credentials.set'])
    expect(page.data[1]).to.include({ userID, address: '10.9.8.7', device: 'node' })
    expect(page.data[1]).to.have.all.keys(
      'id at type userID actorID sessionID roles clientID kid address device requestID'.split(' '),
    )
    expect(JSON.stringify(page)).to.not.include(email)
  })

  it('shows the logins that did not get through, by account', async () => {
    const { userID, email } = await auth.member()
    for (let i = 0; i < 6; i++) await auth.logIn(email, { password: 'wrong' })
    const failed = Array<string>(5).fill('login.failed')
    expect(typesOf(await read(`userID=${userID}`))).to.deep.equal(['login.locked', ...failed, 'credentials.set'])
  })

  it('shows right passwords that opened nothing', async () => {
    const [closed, staff] = [await auth.member(), await auth.member({ roles: ['staff'] })]
    await auth.query('update accounts set disabled_at = now() where id = $1', [closed.userID])
    expect((await auth.logIn(closed.email)).body.code).to.equal('ACCOUNT_DISABLED')
    await auth.logIn(staff.email, { from: '10.9.8.6' })
    expect(typesOf(await read(`userID=${closed.userID}`))).to.deep.equal(['login.refused', 'credentials.set'])
    const [line] = (await read(`userID=${staff.userID}`)).data
    expect(line).to.include({ type: 'login.second_factor_asked', address: '10.9.8.6', device: 'node' })
  })

  it('is read page by page, each line once, whatever comes meanwhile', async () => {
    const { userID, email } = await auth.member()
    for (let i = 0; i < 4; i++) await auth.logIn(email)
    const seen: string[] = []
    let cursor = ''
    do {
      const page = await read(`userID=${userID}&limit=2${cursor}`)
      seen.push(...page.data.map(({ id }) => id))
      cursor = page.meta.nextCursor ? `&cursor=${page.meta.nextCursor}` : ''
      expect(page.meta.hasMore).to.equal(cursor !== '')
      await auth.logIn(email)
    } while (cursor)
    expect(seen).to.have.lengthOf(5)
    expect(new Set(seen).size).to.equal(5)
  })

  it('can be asked for one type of event', async () => {
    const { userID, email } = await auth.member()
    await auth.logIn(email)
    await auth.logIn(email, { password: 'wrong' })
    expect(typesOf(await read(`userID=${userID}&type=login.failed`))).to.deep.equal(['login.failed'])
    expect(new Set(typesOf(await read('type=login.failed')))).to.deep.equal(new Set(['login.failed']))
  })

  it('refuses what it does not understand', async () => {
    for (const query of ['type=nothing', 'cursor=x', 'limit=0', 'limit=101', 'userID=x', 'page=2']) {
      expect((await auth.call(`/api/v1/auth/audit?${query}`)).status, query).to.equal(400)
    }
  })

  it('is as long as it ever was: lines are neither changed nor removed', async () => {
    await auth.member()
    for (const sql of ['delete from audit', `update audit set event = ''`, 'truncate audit']) {
      const refused = await auth.query(sql).catch((error: Error) => error.message)
      expect(refused).to.equal('the audit log is append-only')
    }
  })
})
