import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import { decodeJwt, SignJWT, UnsecuredJWT } from 'jose'
import pg from 'pg'
import { until } from '../../dev/stack/until.ts'
import { signConfirmationToken } from '../../lib/confirmation-token.ts'
import { ACCEPTED } from '../../test/support/auth-stand-in.ts'
import { type Body, runUsers, type Users } from '../../test/support/users.ts'

describe('confirming a registration', () => {
  let users: Users

  before(async function () {
    this.timeout(60_000)
    users = await runUsers()
  })
  after(() => users?.stop())

  const tokenFor = ({ userID, email }: { userID: string; email: string }) =>
    signConfirmationToken({ userID, email, id: randomUUID() }, users.confirmationKey)
  const confirm = (body: unknown) => users.call<Body>('/api/v1/register/confirm', { method: 'POST', body })

  async function newcomer() {
    const member = await users.member()
    return { ...member, token: await tokenFor(member) }
  }

  it('takes the token in the mail, and tells the others', async () => {
    const { userID, email, token } = await newcomer()
    const { status, body } = await confirm({ token })
    expect(status).to.equal(200)
    expect(body).to.deep.equal({
      status: 'success',
      message: 'Registration confirmed',
      data: { userID, status: 'confirmed' },
    })
    expect(await users.statusOf(userID)).to.equal('confirmed')
    expect(await users.stated('user.confirmed', userID)).to.deep.equal([{ userID, email }])
  })

  it('works once', async () => {
    const { token, userID } = await newcomer()
    const answers = await Promise.all(Array.from({ length: 5 }, () => confirm({ token })))
    expect(answers.map(({ status }) => status).sort()).to.deep.equal([200, 409, 409, 409, 409])
    const { status, body } = await confirm({ token })
    expect([status, body.code]).to.deep.equal([409, 'ALREADY_CONFIRMED'])
    expect(await users.stated('user.confirmed', userID)).to.have.length(1)
  })

  it('is refused to who has been disabled meanwhile', async () => {
    const { token, userID } = await newcomer()
    await users.sql(`update users.users set status = 'disabled' where id = $1`, userID)
    const { status, body } = await confirm({ token })
    expect([status, body.code]).to.deep.equal([409, 'DISABLED'])
  })

  it('is refused where staff corrects the address in between', async () => {
    const { token, userID } = await newcomer()
    const staff = new pg.Client(users.databaseURL)
    await staff.connect()
    await staff.query('begin')
    await staff.query('update users.users set email = $2 where id = $1', [userID, `${randomUUID()}@example.com`])
    const answer = confirm({ token })
    const waits = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
    await until(async () => (await users.sql(waits)).length > 0, { within: 10_000, what: 'it waits for the row' })
    await staff.query('commit')
    await staff.end()
    const { status, body } = await answer
    expect([status, body.code]).to.deep.equal([400, 'INVALID_TOKEN'])
    expect(await users.statusOf(userID)).to.equal('created')
  })

  describe('refuses with 400', () => {
    type Member = Awaited<ReturnType<typeof newcomer>>
    const now = () => Math.floor(Date.now() / 1000)
    const claims = ({ userID, token }: Member, changes: object = {}) => ({
      ...decodeJwt(token),
      ...{ sub: userID, exp: now() + 60 },
      ...changes,
    })
    const sign = (payload: object, alg = 'HS256', key: Uint8Array = users.confirmationKey) =>
      new SignJWT({ ...payload }).setProtectedHeader({ alg }).sign(key)
    const bad: Record<string, (member: Member) => Promise<string>> = {
      'an expired token': (member) => sign(claims(member, { exp: now() - 1 })),
      'a token without an end': (member) => sign(claims(member, { exp: undefined })),
      'a token for something else': (member) => sign(claims(member, { aud: 'password-reset' })),
      'a token signed with another key': (member) => sign(claims(member), 'HS256', Buffer.alloc(32, 7)),
      'a token signed with another algorithm': (member) => sign(claims(member), 'HS512', Buffer.alloc(64, 7)),
      'alg none': async (member) => new UnsecuredJWT(claims(member)).encode(),
      'a token with a changed subject': async (member) => {
        const [header, , signature] = (await tokenFor({ ...member, userID: randomUUID() })).split('.')
        return [header, Buffer.from(JSON.stringify(claims(member))).toString('base64url'), signature].join('.')
      },
      'a token that was mailed to another address': (member) => tokenFor({ ...member, email: 'old@example.com' }),
      'a token without an address': (member) => sign(claims(member, { email_hash: undefined })),
      'a token for nobody': (member) => tokenFor({ ...member, userID: randomUUID() }),
      'a token without a UUID': (member) => tokenFor({ ...member, userID: "' or 1=1 --" }),
      rubbish: async () => 'rubbish',
    }
    for (const [what, make] of Object.entries(bad)) {
      it(what, async () => {
        const member = await newcomer()
        const { status, body } = await confirm({ token: await make(member) })
        expect([status, body.code]).to.deep.equal([400, 'INVALID_TOKEN'])
        expect(await users.statusOf(member.userID)).to.equal('created')
      })
    }

    it('fields it does not know and a token that is no text, all at once', async () => {
      const { status, body } = await confirm({ token: 7, role: 'admin' })
      expect(status).to.equal(400)
      expect(body.errors.map(({ field }) => field)).to.have.members(['token', 'role'])
    })
  })

  describe('with a password', () => {
    const password = 'a long and lovely passphrase'

    afterEach(() => {
      users.auth.answer = ACCEPTED
    })

    it('has auth keep it first', async () => {
      const { userID, email, token } = await newcomer()
      expect((await confirm({ token, password })).status).to.equal(200)
      expect(users.auth.received.at(-1)).to.deep.equal({ userID, email, password })
    })

    it('passes on what auth has against it, and confirms nothing', async () => {
      const { userID, token } = await newcomer()
      const errors = [{ field: 'password', message: 'is one of the most common ones' }]
      users.auth.answer = { status: 400, body: { message: 'Invalid input data', code: 'INVALID_INPUT', errors } }
      const { status, body } = await confirm({ token, password })
      expect([status, body.code, body.errors]).to.deep.equal([400, 'INVALID_INPUT', errors])
      expect(await users.statusOf(userID)).to.equal('created')
    })

    for (const [what, answer] of [
      ['fails', { status: 500, body: {} }],
      ['does not answer in time', 'none'],
      ['takes the service for a stranger', { status: 401, body: {} }],
    ] as const) {
      it(`is 503 when auth ${what}, confirms nothing, and works when tried again`, async () => {
        const { userID, token } = await newcomer()
        users.auth.answer = answer
        const { status, headers } = await confirm({ token, password })
        expect([status, headers.get('retry-after')]).to.deep.equal([503, '5'])
        expect(await users.statusOf(userID)).to.equal('created')
        users.auth.answer = ACCEPTED
        expect((await confirm({ token, password })).status).to.equal(200)
      })
    }

    it('is 503 when auth is away', async () => {
      const { userID, token } = await newcomer()
      await users.auth.close()
      try {
        expect((await confirm({ token, password })).status).to.equal(503)
        expect(await users.statusOf(userID)).to.equal('created')
      } finally {
        await users.auth.listen()
      }
    })

    it('does not bother auth for a token that is spent', async () => {
      const { token } = await newcomer()
      await confirm({ token })
      const asked = users.auth.received.length
      expect((await confirm({ token, password })).status).to.equal(409)
      expect(users.auth.received.length).to.equal(asked)
    })
  })
})
