import { expect } from 'chai'
import { until } from '../../dev/stack/until.ts'
import { encode } from '../../lib/bus/cloud-events.ts'
import { onEach } from '../../lib/bus/consumer.ts'
import { type EventKind, stamp } from '../../lib/bus/event.ts'
import { deadLetterTopic } from '../../lib/bus/kafka.ts'
import { type BusNode, busNode, newKind, type Thing } from '../../test/support/bus-node.ts'
import { type Operations, runOperations } from '../../test/support/operations.ts'

interface Letter {
  id: string
  eventID: string
  topic: string
  group: string
  attempts: number
  reason: string
  bytes: number
  data?: string
}

describe('dead letters in the hands of operations', function () {
  this.timeout(60_000)
  let operations: Operations
  let node: BusNode
  let kind: EventKind<string, Thing>

  before(async () => {
    operations = await runOperations()
  })
  after(() => operations?.stop())
  beforeEach(async () => {
    kind = newKind()
    node = await busNode({ kinds: [kind] })
    for (const n of [1, 2, 3]) await node.publisher.send([deadLetter(n)])
  })
  afterEach(() => node.close())

  function deadLetter(n: number) {
    const { headers, ...message } = encode(stamp(kind.of({ id: `key-${n}`, n })), '/test')
    const account = { 'x-error': `Error: no ${n}`, 'x-attempts': '5', 'x-original-topic': kind.type }
    return {
      ...message,
      topic: deadLetterTopic(kind.type),
      headers: { ...headers, ...account, 'x-consumer-group': kind.type },
    }
  }

  /** Those of this test's topic: others leave theirs. */
  const letters = async (): Promise<Letter[]> =>
    (await operations.ask<Letter[]>(`dead-letters?topic=${kind.type}`)).body.data
  const reasons = async () => (await letters()).map(({ reason }) => reason)
  const idOf = async (n: number) => (await letters())[n - 1]?.id ?? ''

  it('are listed with the reason and without the data', async () => {
    const [first] = await letters()
    expect(first).to.include({ topic: kind.type, group: kind.type, attempts: 5, reason: 'Error: no 1', bytes: 20 })
    expect(first).not.to.have.property('data')
    expect(await reasons()).to.deep.equal(['Error: no 1', 'Error: no 2', 'Error: no 3'])
  })

  it('are listed page by page', async () => {
    const { body } = await operations.ask<Letter[]>(`dead-letters?topic=${kind.type}&page=3&limit=1`)
    expect(body.data.map(({ reason }) => reason)).to.deep.equal(['Error: no 3'])
    expect(body.meta).to.deep.equal({ page: 3, limit: 1, total: 3 })
    expect((await operations.ask<Letter[]>('dead-letters')).body.meta.total).to.be.greaterThan(2)
    expect((await operations.ask('dead-letters?limit=101')).status).to.equal(400)
  })

  it('show their data one by one, and who has looked is on record', async () => {
    const id = await idOf(2)
    const { status, headers, body } = await operations.ask<Letter>(`dead-letters/${id}`)
    expect([status, headers.get('cache-control')]).to.deep.equal([200, 'no-store'])
    expect(body.data.data).to.equal('{"id":"key-2","n":2}')
    expect((await operations.audit()).at(-1)).to.deep.equal({
      ...{ action: 'read', actor_id: operations.actorID, letter: id },
      ...{ event_id: body.data.eventID, request_id: 'request-9' },
    })
  })

  it('are dropped one by one; the others stay, and who did it is on record', async () => {
    const id = await idOf(2)
    expect((await operations.ask(`dead-letters/${id}`, 'DELETE')).status).to.equal(200)
    expect(await reasons()).to.deep.equal(['Error: no 1', 'Error: no 3'])
    expect((await operations.audit()).at(-1)).to.include({ action: 'drop', letter: id, actor_id: operations.actorID })
    expect((await operations.ask(`dead-letters/${id}`, 'DELETE')).status, 'a second time').to.equal(404)
  })

  it('are replayed to the group that failed', async () => {
    const seen: number[] = []
    await node.consume([onEach(kind, async ({ data }) => void seen.push(data.n))], kind.type)
    const id = await idOf(3)
    expect((await operations.ask(`dead-letters/${id}/replay`, 'POST')).status).to.equal(200)
    await until(() => seen.length > 0, { within: 15_000, what: 'it is tried again' })
    expect(seen).to.deep.equal([3])
    expect(await reasons()).to.deep.equal(['Error: no 1', 'Error: no 2'])
    expect((await operations.audit()).at(-1)).to.include({ action: 'replay', letter: id })
  })

  it('are each dropped once when two are at it at the same time', async () => {
    const [one, two] = [await idOf(1), await idOf(3)]
    const answers = await Promise.all([one, two].map((id) => operations.ask(`dead-letters/${id}`, 'DELETE')))
    expect(answers.map(({ status }) => status)).to.deep.equal([200, 200])
    expect(await reasons()).to.deep.equal(['Error: no 2'])
  })

  it('leave a record of who did what, the newest first and page by page, also when they are gone', async () => {
    const [one, two] = [await idOf(1), await idOf(3)]
    const { eventID } = (await operations.ask<Letter>(`dead-letters/${one}`)).body.data
    await operations.ask(`dead-letters/${two}`, 'DELETE')
    const { body } = await operations.ask<Record<string, unknown>[]>('audit?limit=2')
    expect(body.data.map(({ action, letter }) => [action, letter])).to.deep.equal([
      ['drop', two],
      ['read', one],
    ])
    const { id, at, ...read } = body.data[1] ?? {}
    expect(read).to.deep.equal({
      ...{ action: 'read', actorID: operations.actorID, requestID: 'request-9', letter: one },
      ...{ eventID, topic: kind.type, group: kind.type, reason: 'Error: no 1' },
    })
    expect(Date.now() - Date.parse(String(at))).to.be.lessThan(60_000)
    const second = (await operations.ask<{ id: string }[]>('audit?page=2&limit=1')).body
    expect(second.data.map((row) => row.id)).to.deep.equal([id])
    const { length: total } = await operations.audit()
    expect(second.meta).to.deep.equal({ page: 2, limit: 1, total })
    expect((await operations.ask('audit?limit=101')).status).to.equal(400)
    const audit = 'operations.audit'
    for (const sql of [`delete from ${audit}`, `truncate ${audit}`, `update ${audit} set action = 'drop'`]) {
      const refused = await operations.sql(sql).catch((error: Error) => error.message)
      expect(refused, sql).to.equal('the audit log is append-only')
    }
  })

  it('can be dropped whatever stands in them', async () => {
    const headers = { ce_id: 'no\0id', 'x-error': '\0', 'x-original-topic': kind.type }
    await node.publisher.send([{ topic: deadLetterTopic(kind.type), key: null, value: null, headers }])
    const id = await idOf(4)
    expect((await operations.ask<Letter>(`dead-letters/${id}`)).body.data.data).to.equal(null)
    expect((await operations.ask(`dead-letters/${id}`, 'DELETE')).status).to.equal(200)
    expect(await letters()).to.have.length(3)
  })

  for (const id of ['nobody', '%00', `..%2f..`, `${'x'.repeat(300)}-0-0`])
    it(`are not found by ${id.slice(0, 10)}`, async () => {
      const before = await operations.audit()
      expect((await operations.ask(`dead-letters/${id}`, 'DELETE')).status).to.equal(404)
      expect(await operations.audit()).to.deep.equal(before)
    })
})
