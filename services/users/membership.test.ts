import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import { type Body, runUsers, type Users } from '../../test/support/users.ts'

describe('a membership as partners see it', () => {
  let users: Users

  before(async function () {
    this.timeout(60_000)
    users = await runUsers()
  })
  after(() => users?.stop())

  const read = (userID: string) => users.call<Body>(`/partner/v1/members/${userID}`)

  it('is the status and nothing personal', async () => {
    const { userID } = await users.member()
    const { status, body } = await read(userID)
    expect(status).to.equal(200)
    expect(body).to.deep.equal({ status: 'success', data: { userID, status: 'created' } })
  })

  it('comes from the read model in Redis, without Postgres', async () => {
    const userID = randomUUID()
    await users.redis.hset(`user:${userID}`, { userID, status: 'confirmed', name: 'x' })
    expect((await read(userID)).body.data).to.deep.equal({ userID, status: 'confirmed' })
  })

  it('comes from Postgres while Redis is away', async () => {
    const { userID } = await users.member()
    await users.servers.redis.stop()
    try {
      expect((await read(userID)).body.data).to.deep.equal({ userID, status: 'created' })
    } finally {
      await users.servers.redis.start()
    }
  })

  it('is 404 for nobody and for a deleted member, 400 for what is no id', async () => {
    const deleted = randomUUID()
    await users.redis.hset(`user:${deleted}`, 'status', 'deleted')
    for (const userID of [randomUUID(), deleted]) {
      const { status, body } = await read(userID)
      expect([status, body.message]).to.deep.equal([404, 'User not found'])
    }
    expect((await read('1')).status).to.equal(400)
  })
})
