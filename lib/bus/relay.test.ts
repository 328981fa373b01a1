import { expect } from 'chai'
import type { KafkaMessage } from 'kafkajs'
import { until } from '../../dev/stack/until.ts'
import { type Bus, connectBus } from '../../test/support/bus.ts'
import { type BusNode, busNode, newDb, newKind, type TestDb } from '../../test/support/bus-node.ts'
import { type Stack, stack } from '../../test/support/stack.ts'
import { withTrace } from '../trace.ts'
import type { Outgoing } from './cloud-events.ts'
import { outbox } from './outbox.ts'
import type { Publisher } from './publisher.ts'

const TRACEPARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
const dataOf = ({ value }: KafkaMessage) => JSON.parse(String(value))
const idOf = ({ headers }: KafkaMessage) => String(headers?.['ce_id'])

describe('outbox and relay', () => {
  const kind = newKind()
  const nodes: BusNode[] = []
  let servers: Pick<Stack, 'kafka' | 'postgres'>
  let database: TestDb
  let other: Bus
  let messages: KafkaMessage[]

  before(async () => {
    servers = await stack('kafka', 'postgres')
    other = await connectBus(servers.kafka.url)
  })
  beforeEach(async () => {
    database = await newDb(servers.postgres)
  })
  afterEach(async () => {
    for (const node of nodes.splice(0)) await node.close()
    await database.db.destroy()
  })
  after(() => other.disconnect())

  async function newNode(kinds = [kind]): Promise<BusNode> {
    const node = await busNode({ kinds, ...database })
    nodes.push(node)
    return node
  }
  const empty = async () => (await outbox.depth(database.db)) === 0
  const state = (n: number, id = 'a', of = kind) => database.db.transaction((trx) => outbox.add(trx, of.of({ id, n })))

  it('sends nothing of a transaction that is rolled back', async () => {
    const rolledBack = database.db.transaction(async (trx) => {
      await outbox.add(trx, kind.of({ id: 'a', n: 1 }))
      throw new Error('changed my mind')
    })
    expect(await rolledBack.catch(({ message }) => message)).to.equal('changed my mind')
    expect(await outbox.depth(database.db)).to.equal(0)
  })

  it('sends an event as soon as it is committed, within its trace', async () => {
    const node = await newNode()
    messages = await other.read(kind.type)
    await node.relay()
    await withTrace({ traceparent: TRACEPARENT, requestId: 'r-1' }, () => state(7))
    await until(() => messages.length === 1, { within: 800, what: 'the event arrives before the next poll' })
    expect(messages.map(dataOf)).to.deep.equal([{ id: 'a', n: 7 }])
    expect(String(messages[0]?.headers?.['traceparent'])).to.equal(TRACEPARENT)
    expect(String(messages[0]?.headers?.['x-request-id'])).to.equal('r-1')
    await until(empty, { within: 2_000, what: 'the outbox is empty' })
  })

  it('keeps the order of every key and sends each event once while two relays run', async () => {
    const ordered = newKind()
    const [first, second] = [await newNode([ordered]), await newNode()]
    messages = await other.read(ordered.type)
    await Promise.all([first.relay(), second.relay()])
    const keys = Array.from({ length: 10 }, (_, key) => `key-${key}`)
    const write = async (key: string) => {
      for (let n = 0; n < 60; n++) await state(n, key, ordered)
    }
    await Promise.all(keys.map(write))
    await until(() => messages.length >= 600, { within: 10_000, what: 'all events arrive' })
    await until(empty, { within: 2_000, what: 'the outbox is empty' })
    expect(new Set(messages.map(idOf)).size).to.equal(messages.length)
    for (const key of keys) {
      const sequence = messages.filter((message) => String(message.key) === key).map((message) => dataOf(message).n)
      expect(sequence, key).to.deep.equal(Array.from({ length: 60 }, (_, n) => n))
    }
  })

  it('does not send an event before an earlier one of its key that another relay has in hand', async () => {
    const contested = newKind()
    const [first, second] = [await newNode([contested]), await newNode()]
    messages = await other.read(contested.type)
    const slow = Promise.withResolvers<void>()
    let batches = 0
    const send = (batch: Outgoing[]) => (batch.length > 0 ? slow.promise : Promise.resolve())
    await first.relay({ ...first.publisher, send: (batch) => send(batch).then(() => first.publisher.send(batch)) })
    await state(0, 'a', contested)
    const inHand = `select from pg_stat_activity where datname = current_database() and state = 'idle in transaction'`
    const taken = async () => (await database.db.raw(inHand)).rowCount === 1
    await until(taken, { within: 5_000, what: 'the first relay has the first event' })
    await state(1, 'a', contested)
    await second.relay({
      ...second.publisher,
      send(batch) {
        batches++
        return second.publisher.send(batch)
      },
    })
    await until(() => batches >= 2, { within: 5_000, what: 'the second relay has looked twice' })
    slow.resolve()
    await until(() => messages.length === 2, { within: 5_000, what: 'both events arrive' })
    expect(messages.map((message) => dataOf(message).n)).to.deep.equal([0, 1])
  })

  it('sends an event again under the same id when the node dies between Kafka and Postgres', async () => {
    const crashing = newKind()
    const node = await newNode([crashing])
    messages = await other.read(crashing.type)
    await state(1, 'a', crashing)
    await node.relay(dyingAfterSend(node.publisher))
    await until(() => messages.length === 2, { within: 5_000, what: 'the event arrives twice' })
    await until(empty, { within: 5_000, what: 'the outbox is empty' })
    expect(new Set(messages.map(idOf)).size).to.equal(1)
  })

  it('goes on when Postgres has been away', async () => {
    const node = await newNode()
    await node.relay()
    await servers.postgres.stop()
    await until(() => node.warnings.includes('events wait in the outbox'), { within: 5_000, what: 'the relay notices' })
    await servers.postgres.start()
    await state(1)
    await until(empty, { within: 10_000, what: 'the outbox is empty' })
  })

  it('keeps the events while Kafka is away and sends them on its return', async () => {
    const node = await newNode()
    await node.relay()
    await servers.kafka.stop()
    await state(1)
    await until(() => node.warnings.includes('events wait in the outbox'), { within: 5_000, what: 'the relay notices' })
    expect(await outbox.depth(database.db)).to.equal(1)
    await servers.kafka.start()
    await until(empty, { within: 10_000, what: 'the outbox is empty' })
  })

  /** The first time, the connection to Postgres is lost after Kafka has accepted the events. */
  function dyingAfterSend(publisher: Publisher): Publisher {
    let died = false
    return {
      ...publisher,
      async send(batch) {
        await publisher.send(batch)
        if (died || batch.length === 0) return
        died = true
        await database.db.raw(`select pg_terminate_backend(pid) from pg_stat_activity
          where datname = current_database() and state = 'idle in transaction'`)
      },
    }
  }
})
