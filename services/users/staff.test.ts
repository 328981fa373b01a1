import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import { newThaiID, somebody } from '../../test/support/onboarder.ts'
import { type Body, runUsers, type Users } from '../../test/support/users.ts'
import type { ConfirmationRenewed, UserUpdated } from './events.ts'

describe('members in the hands of staff', () => {
  let users: Users
  const staffID = randomUUID()

  before(async function () {
    this.timeout(60_000)
    users = await runUsers()
  })
  after(() => users?.stop())

  const send = (method: string, path: string, body?: unknown, headers = {}) =>
    users.call<Body>(`/api/v1/users${path}`, {
      method,
      body,
      headers: { 'x-user-id': staffID, 'x-request-id': 'request-7', ...headers },
    })

  const audit = (userID: string) =>
    users.sql<object>(
      `select actor_id, action, fields, status_from, status_to, request_id from users.audit where user_id = $1 order by id`,
      userID,
    )

  async function confirmed() {
    const member = await users.member()
    await users.sql(
      `update users.users set status = 'confirmed', confirmed_at = now(), version = 2 where id = $1`,
      member.userID,
    )
    return member
  }

  describe('created', () => {
    it('are answered with 201 and where they are, stated and audited', async () => {
      const person = somebody()
      const { status, body, headers } = await send('POST', '', { ...person, thaiID: newThaiID() })
      const { userID } = body.data
      expect([status, headers.get('location')]).to.deep.equal([201, `/api/v1/users/${userID}`])
      expect(body.data).to.include({ ...person, status: 'created' })
      expect(body.data).not.to.have.property('thaiID')
      expect(await users.stated('user.created', userID)).to.deep.equal([{ userID, ...person }])
      expect(await audit(userID)).to.deep.equal([
        {
          actor_id: staffID,
          action: 'create',
          fields: ['name', 'email', 'phoneNumber', 'thaiID'],
          status_from: null,
          status_to: 'created',
          request_id: 'request-7',
        },
      ])
    })

    for (const [field, like] of Object.entries({
      email: ({ email }: ReturnType<typeof somebody>) => somebody({ email: email.toUpperCase() }),
      phoneNumber: ({ phoneNumber }: ReturnType<typeof somebody>) => somebody({ phoneNumber }),
    })) {
      it(`are refused the ${field} of another, and leave no trace`, async () => {
        const { status, body } = await send('POST', '', like(await users.member()))
        expect([status, body.code, body.errors[0]?.field]).to.deep.equal([409, 'ALREADY_REGISTERED', field])
      })
    }

    it('are created once under one Idempotency-Key', async () => {
      const [person, headers] = [somebody(), { 'idempotency-key': randomUUID() }]
      const [first, second] = [await send('POST', '', person, headers), await send('POST', '', person, headers)]
      expect([first.status, second.status]).to.deep.equal([201, 201])
      expect(second.body).to.deep.equal(first.body)
      expect((await send('POST', '', somebody(), headers)).status).to.equal(422)
    })

    it('are refused with every bad field at once', async () => {
      const { status, body } = await send('POST', '', {
        name: 'x',
        email: 'x',
        thaiID: '1234567890123',
        status: 'confirmed',
      })
      expect(status).to.equal(400)
      expect(body.errors.map(({ field }) => field)).to.have.members('name email phoneNumber thaiID status'.split(' '))
    })
  })

  describe('read', () => {
    it('are 404 where there is none, 400 where the id is none', async () => {
      const nobody = await send('GET', `/${randomUUID()}`)
      expect([nobody.status, nobody.body.message]).to.deep.equal([404, 'User not found'])
      for (const path of ['/1', '/%27%20or%201=1', '/%00', `/${randomUUID()}x`]) {
        expect((await send('GET', path)).status, path).to.equal(400)
      }
    })

    it('are not sent again to who has this version', async () => {
      const { userID } = await users.member()
      const { headers } = await send('GET', `/${userID}`)
      const etag = headers.get('etag') ?? ''
      expect((await send('GET', `/${userID}`, undefined, { 'if-none-match': etag })).status).to.equal(304)
      expect((await send('GET', `/${userID}`, undefined, { 'if-none-match': '"7"' })).status).to.equal(200)
    })
  })

  describe('changed', () => {
    it('by PATCH in what it names; audited by name, without values, and stated', async () => {
      const member = await confirmed()
      const { email } = somebody()
      const { status, body } = await send('PATCH', `/${member.userID}`, { email, name: member.name })
      expect([status, body.data.email]).to.deep.equal([200, email])
      expect(await audit(member.userID)).to.deep.equal([
        {
          ...{ actor_id: staffID, action: 'change', fields: ['email'], request_id: 'request-7' },
          ...{ status_from: null, status_to: null },
        },
      ])
      expect(await users.stated<UserUpdated>('user.updated', member.userID)).to.deep.equal([
        { ...member, email, status: 'confirmed', version: 3 },
      ])
    })

    it('by PUT as a whole', async () => {
      const [{ userID }, person] = [await confirmed(), somebody()]
      expect((await send('PUT', `/${userID}`, person)).body.data).to.include({ userID, ...person, status: 'confirmed' })
      const { status, body } = await send('PUT', `/${userID}`, { name: 'Only A Name' })
      expect([status, body.errors.map(({ field }) => field)]).to.deep.equal([400, ['email', 'phoneNumber']])
    })

    describe('and waiting for confirmation,', () => {
      const links = (userID: string, count?: number) =>
        users.stated<ConfirmationRenewed>('user.confirmation.renewed', userID, count)

      for (const method of ['PATCH', 'PUT']) {
        it(`have a link mailed to an address that is corrected by ${method}`, async () => {
          const { userID, ...person } = await users.member()
          const { email } = somebody()
          expect((await send(method, `/${userID}`, { ...person, email })).status).to.equal(200)
          expect(await links(userID)).to.deep.equal([{ userID, name: person.name, email }])
        })
      }

      it('have it mailed once they are enabled again', async () => {
        const { userID, name } = await users.member()
        const { email } = somebody()
        for (const change of [{ status: 'disabled' }, { email }, { status: 'created' }]) {
          expect((await send('PATCH', `/${userID}`, change)).status).to.equal(200)
        }
        expect(await links(userID)).to.deep.equal([{ userID, name, email }])
      })

      it('have none mailed for anything else, nor has who is confirmed', async () => {
        const [waiting, done] = [await users.member(), await confirmed()]
        await send('PATCH', `/${waiting.userID}`, { name: 'New Name' })
        await send('PATCH', `/${done.userID}`, { email: somebody().email })
        const last = await users.member()
        await send('PATCH', `/${last.userID}`, { email: somebody().email })
        await links(last.userID)
        for (const { userID } of [waiting, done]) expect(await links(userID, 0)).to.deep.equal([])
      })
    })

    it('to what they are already: nothing happens', async () => {
      const { userID, name } = await confirmed()
      const { status, headers } = await send('PATCH', `/${userID}`, { name, status: 'confirmed' })
      expect([status, headers.get('etag')]).to.deep.equal([200, '"2"'])
      expect(await audit(userID)).to.deep.equal([])
    })

    it('from confirmed to disabled and back', async () => {
      const { userID } = await confirmed()
      for (const status of ['disabled', 'confirmed']) {
        expect((await send('PATCH', `/${userID}`, { status })).body.data.status).to.equal(status)
      }
      const updates = await users.stated<UserUpdated>('user.updated', userID, 2)
      expect(updates.map(({ status, version }) => [status, version])).to.deep.equal([
        ['disabled', 3],
        ['confirmed', 4],
      ])
      expect((await audit(userID))[0]).to.include({ status_from: 'confirmed', status_to: 'disabled' })
    })

    it('to disabled before they have confirmed, and back to where they were', async () => {
      const { userID } = await users.member()
      for (const status of ['disabled', 'created']) {
        expect((await send('PATCH', `/${userID}`, { status })).body.data.status).to.equal(status)
      }
    })

    for (const [from, to] of [
      ['created', 'confirmed'],
      ['created', 'confirmation_sent'],
      ['confirmation_sent', 'confirmed'],
      ['confirmed', 'created'],
      ['disabled', 'confirmed'],
      ['disabled', 'confirmation_sent'],
    ]) {
      it(`never from ${from} to ${to} who has not confirmed`, async () => {
        const { userID } = await users.member()
        await users.sql('update users.users set status = $2 where id = $1', userID, from)
        const { status, body } = await send('PATCH', `/${userID}`, { status: to })
        expect([status, body.code]).to.deep.equal([409, 'ILLEGAL_TRANSITION'])
        expect(await users.statusOf(userID)).to.equal(from)
      })
    }

    it('only in the version that If-Match names: of many at once one succeeds', async () => {
      const { userID } = await confirmed()
      const names = Array.from({ length: 8 }, (_, index) => `Name ${index}`)
      const answers = await Promise.all(
        names.map((name) => send('PATCH', `/${userID}`, { name }, { 'if-match': '"2"' })),
      )
      expect(answers.map(({ status }) => status).sort()).to.deep.equal([200, ...Array(7).fill(412)])
      expect((await send('PATCH', `/${userID}`, { name: 'Any' }, { 'if-match': '*' })).status).to.equal(200)
      expect((await send('PATCH', `/${userID}`, { name: 'No' }, { 'if-match': 'W/"4"' })).status).to.equal(412)
      expect(await audit(userID)).to.have.length(2)
    })

    it('not to the e-mail address of another', async () => {
      const [one, other] = [await users.member(), await users.member()]
      const { status } = await send('PATCH', `/${one.userID}`, { email: other.email })
      expect(status).to.equal(409)
      expect(await audit(one.userID)).to.deep.equal([])
    })

    it('not to another id or version, nor to deleted', async () => {
      const { userID } = await users.member()
      const { status, body } = await send('PATCH', `/${userID}`, { userID, version: 1, status: 'deleted' })
      expect(status).to.equal(400)
      expect(body.errors.map(({ field }) => field)).to.have.members(['userID', 'version', 'status'])
    })
  })

  describe('deleted', () => {
    it('leave their id and nothing personal; audited and stated', async () => {
      const person = { ...somebody(), thaiID: newThaiID() }
      const { userID } = (await send('POST', '', person)).body.data
      const { status, body } = await send('DELETE', `/${userID}`)
      expect([status, body.data]).to.deep.equal([200, { userID }])
      const [row] = await users.sql<object>('select * from users.users where id = $1', userID)
      expect(row).to.include({ id: userID, status: 'deleted', name: null, email: null, phone_number: null })
      expect(row).to.include({ thai_id_sealed: null, thai_id_hash: null })
      expect(await users.stated('user.deleted', userID)).to.deep.equal([{ userID }])
      expect((await audit(userID)).at(-1)).to.include({
        action: 'delete',
        status_from: 'created',
        status_to: 'deleted',
      })
    })

    it('are not found any more, by whatever method', async () => {
      const { userID } = await users.member()
      await send('DELETE', `/${userID}`)
      const answers = [
        await send('GET', `/${userID}`),
        await send('PATCH', `/${userID}`, { name: 'New Name' }),
        await send('DELETE', `/${userID}`),
      ]
      expect(answers.map(({ status }) => status)).to.deep.equal([404, 404, 404])
      expect((await send('GET', `?userID=${userID}`)).body.meta.total).to.equal(0)
    })

    it('free what was theirs alone', async () => {
      const person = somebody()
      const { userID } = (await send('POST', '', person)).body.data
      await send('DELETE', `/${userID}`)
      expect((await send('POST', '', person)).status).to.equal(201)
    })

    it('only in the version that If-Match names', async () => {
      const { userID } = await users.member()
      expect((await send('DELETE', `/${userID}`, undefined, { 'if-match': '"9"' })).status).to.equal(412)
      expect((await send('DELETE', `/${userID}`, undefined, { 'if-match': '"1"' })).status).to.equal(200)
    })
  })
})
