import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import { GATEWAY_TOKEN } from '../../test/support/run-service.ts'
import { type Body, runUsers, type Users } from '../../test/support/users.ts'

describe('what staff see of registrations', () => {
  let users: Users

  before(async function () {
    this.timeout(60_000)
    users = await runUsers()
  })
  after(() => users?.stop())

  it('counts them by the hour for a day, hours without any too', async () => {
    const members = [await users.member(), await users.member(), await users.member()]
    const old = { '90 minutes': members[0]?.userID, '2 days': members[1]?.userID }
    for (const [age, userID] of Object.entries(old)) {
      await users.sql(`update users.users set created_at = now() - $2::interval where id = $1`, userID, age)
    }
    const { body } = await users.call<{ data: { from: string; count: number }[] }>('/api/v1/users/registrations')
    const counts = body.data.map(({ count }) => count)
    expect(counts).to.have.length(24)
    expect(counts.reduce((sum, count) => sum + count)).to.equal(2)
    expect(counts.at(-1)).to.equal(1)
    expect(Date.parse(body.data[23]?.from ?? '') - Date.parse(body.data[22]?.from ?? '')).to.equal(3_600_000)
  })

  it('streams the count of the last minute while one watches', async () => {
    const events = await watch()
    const before = await events.next()
    await users.member()
    for (;;) {
      const count = await events.next()
      if (count === before + 1) break
      expect(count).to.equal(before)
    }
    await events.cancel()
  })

  it('ends the streams when the service stops', async () => {
    const other = await runUsers()
    const events = await watch(other)
    await events.next()
    await other.stop()
    expect(await events.ended()).to.equal(true)
  })

  async function watch({ url } = users) {
    const answer = await fetch(`${url}/api/v1/users/registrations/live`, {
      headers: { 'x-gateway-token': GATEWAY_TOKEN },
    })
    expect(answer.headers.get('content-type')).to.include('text/event-stream')
    const reader = (answer.body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream()).getReader()
    return {
      async next(): Promise<number> {
        const { value } = await reader.read()
        return JSON.parse(String(value).replace('data: ', '')).perMinute
      },
      async ended(): Promise<boolean> {
        for (;;) if ((await reader.read()).done) return true
      },
      cancel: () => reader.cancel(),
    }
  }

  it('lists what staff did to a member, the newest first', async () => {
    const { userID } = await users.member()
    const actor = randomUUID()
    for (const name of ['First Change', 'Second Change']) {
      await users.call(`/api/v1/users/${userID}`, { method: 'PATCH', body: { name }, headers: { 'x-user-id': actor } })
    }
    await users.call(`/api/v1/users/${userID}`, { method: 'DELETE', headers: { 'x-user-id': actor } })
    type History = Omit<Body, 'data'> & { data: { action: string; actorID: string; fields: string[] }[] }
    const { body } = await users.call<History>(`/api/v1/users/${userID}/history?limit=2`)
    expect(body.meta).to.deep.equal({ page: 1, limit: 2, total: 3 })
    expect(body.data.map(({ action }) => action)).to.deep.equal(['delete', 'change'])
    expect(body.data[1])
      .to.include({ actorID: actor })
      .and.deep.include({ fields: ['name'] })
  })
})
