import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { expect } from 'chai'
import type { KafkaMessage } from 'kafkajs'
import type { Knex } from 'knex'
import { until } from '../../dev/stack/until.ts'
import { type Bus, connectBus } from '../../test/support/bus.ts'
import { type BusNode, busNode, newDb, newKind, type TestDb, type Thing } from '../../test/support/bus-node.ts'
import { type Stack, stack } from '../../test/support/stack.ts'
import { Unavailable } from '../errors.ts'
import { currentTrace, withTrace } from '../trace.ts'
import { encode, type Outgoing } from './cloud-events.ts'
import { on } from './consumer.ts'
import { type Event, type EventKind, stamp } from './event.ts'
import { deadLetterTopic, retryTopic } from './kafka.ts'

const TRACEPARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
const headerOf = ({ headers }: KafkaMessage, name: string) => headers?.[name] && String(headers[name])

describe('consumer', () => {
  const nodes: BusNode[] = []
  let servers: Pick<Stack, 'kafka' | 'postgres'>
  let database: TestDb
  let other: Bus
  let kind: EventKind<string, Thing>
  let node: BusNode
  let group: string

  before(async () => {
    servers = await stack('kafka', 'postgres')
    other = await connectBus(servers.kafka.url)
  })
  beforeEach(async () => {
    database = await newDb(servers.postgres)
    kind = newKind()
    group = randomUUID()
    node = await newNode()
  })
  afterEach(async () => {
    for (const each of nodes.splice(0)) await each.close()
    await database.db.destroy()
  })
  after(() => other.disconnect())

  async function newNode(): Promise<BusNode> {
    const created = await busNode({ kinds: [kind], ...database })
    nodes.push(created)
    return created
  }
  const publish = (...ns: number[]) => other.publish(...ns.map((n) => kind.of({ id: `key-${n}`, n })))
  const handled = async (): Promise<number[]> => database.db('handled').orderBy('seq').pluck('n')
  const untilHandled = (...ns: number[]) =>
    until(async () => String((await handled()).toSorted()) === String(ns.toSorted()), {
      within: 15_000,
      what: `handled: ${ns}`,
    })
  const record = async (events: Event<Thing>[], trx: Knex.Transaction) => {
    await trx('handled').insert(events.map(({ data }) => data))
    return []
  }

  describe('with a database', () => {
    it('commits what the handler did, the inbox and the caused events together', async () => {
      const caused = newKind()
      await node.consumeWithDb([
        on(kind, async (events, trx: Knex.Transaction) => {
          await record(events, trx)
          return events.map(({ data }) => caused.of({ id: data.id, n: data.n + 1 }))
        }),
      ])
      await withTrace({ traceparent: TRACEPARENT, requestId: 'r-1' }, () => publish(1, 2))
      await untilHandled(1, 2)
      const rows = await database.db('outbox').orderBy('key')
      expect(rows.map(({ value }) => value)).to.deep.equal(['{"id":"key-1","n":2}', '{"id":"key-2","n":3}'])
      for (const row of rows)
        expect(row).to.include({ topic: caused.type, traceparent: TRACEPARENT, request_id: 'r-1' })
    })

    it('handles an event once that comes twice', async () => {
      await node.consumeWithDb([on(kind, record)], group)
      const event = encode(stamp(kind.of({ id: 'a', n: 1 })), '/test')
      await node.publisher.send([event, event])
      await node.publisher.send([event])
      await publish(2)
      await untilHandled(1, 2)
      await other.caughtUp(group, kind.type)
      expect(await handled()).to.have.length(2)
    })

    it('handles an event once when the node dies between its commit and that of the offset', async () => {
      const clients = node.kafka.fork
      const forks: { cut(): void }[] = []
      node.kafka.fork = () => {
        const client = clients.call(node.kafka)
        forks.push(client)
        return client
      }
      let deaths = 0
      await node.consumeWithDb(
        [
          on(kind, async (events, trx: Knex.Transaction) => {
            await record(events, trx)
            trx.executionPromise.then(() => {
              if (deaths++ === 0) for (const fork of forks) fork.cut()
            })
            return []
          }),
        ],
        group,
      )
      await publish(1)
      await untilHandled(1)
      await other.caughtUp(group, kind.type)
      await publish(2)
      await untilHandled(1, 2)
      expect(deaths).to.be.greaterThan(0)
    })

    it('handles every event once while nodes come and go', async () => {
      await node.consumeWithDb([on(kind, record)], group)
      const second = await newNode()
      const numbers = Array.from({ length: 300 }, (_, n) => n)
      await publish(...numbers.slice(0, 100))
      await second.consumeWithDb([on(kind, record)], group)
      await publish(...numbers.slice(100, 200))
      await node.close()
      await publish(...numbers.slice(200))
      await untilHandled(...numbers)
    })

    it('waits while Postgres is away, without counting an attempt, and loses nothing', async () => {
      await node.consumeWithDb([on(kind, record)])
      await servers.postgres.stop()
      await publish(1, 2, 3)
      await until(() => node.warnings.some((line) => line.startsWith('waiting')), { within: 10_000, what: 'it waits' })
      await servers.postgres.start()
      await untilHandled(1, 2, 3)
      expect(node.warnings).not.to.include('event parked')
    })
  })

  describe('when a handler fails', () => {
    it('handles the rest of the batch, and the failed one when it succeeds later', async () => {
      const retries = await other.read(retryTopic(kind.type))
      let failures = 2
      await publish(1, 2, 3, 4, 5)
      await node.consumeWithDb([
        on(kind, async (events, trx: Knex.Transaction) => {
          await record(events, trx)
          if (events.some(({ data }) => data.n === 3) && (events.length > 1 || failures-- > 0)) throw new Error('not 3')
          return []
        }),
      ])
      await untilHandled(1, 2, 3, 4, 5)
      expect(retries.map((message) => headerOf(message, 'x-attempts'))).to.deep.equal(['1', '2'])
    })

    it('leaves a retry alone until its time has come, and goes on with the rest', async () => {
      const handledAt = new Map<number, number>()
      await node.consume([
        on(kind, (events) => {
          for (const { data } of events) handledAt.set(data.n, Date.now())
          return Promise.resolve([])
        }),
      ])
      const notBefore = new Date(Date.now() + 1_500)
      const retry = encode(stamp(kind.of({ id: 'a', n: 1 })), '/test')
      const headers = { ...retry.headers, 'x-not-before': notBefore.toISOString() }
      await node.publisher.send([{ ...retry, topic: retryTopic(kind.type), headers }])
      await publish(2)
      await until(() => handledAt.size === 2, { within: 10_000, what: 'both are handled' })
      expect(handledAt.get(1)).to.be.at.least(notBefore.getTime())
      expect(handledAt.get(2)).to.be.below(notBefore.getTime())
    })

    it('puts it among the dead letters with the reason when its attempts are used up', async () => {
      const dead = await other.read(deadLetterTopic(kind.type))
      await node.consumeWithDb(
        [
          on(kind, async (events, trx: Knex.Transaction) => {
            await trx.raw('select 1')
            if (events.some(({ data }) => data.n === 1)) throw new Error('never')
            return record(events, trx)
          }),
        ],
        group,
      )
      await publish(1, 2)
      await untilHandled(2)
      await until(() => dead.length === 1, { within: 10_000, what: 'the dead letter' })
      const [letter] = dead as [KafkaMessage]
      expect(String(letter.value)).to.equal('{"id":"key-1","n":1}')
      expect(headerOf(letter, 'x-error')).to.equal('Error: never')
      expect(headerOf(letter, 'x-attempts')).to.equal('3')
      expect(headerOf(letter, 'x-original-topic')).to.equal(kind.type)
      expect(headerOf(letter, 'x-consumer-group')).to.equal(group)
    })

    it('does not bother the other groups', async () => {
      const calm: number[] = []
      await node.consume([on(kind, (events) => notes(calm, events))])
      let attempts = 0
      await node.consume([
        on(kind, () => {
          attempts++
          return attempts < 3 ? Promise.reject(new Error('not yet')) : Promise.resolve([])
        }),
      ])
      await publish(1)
      await until(() => attempts === 3, { within: 10_000, what: 'the failing group succeeds' })
      await publish(2)
      await until(() => calm.includes(2), { within: 10_000, what: 'the other group goes on' })
      expect(calm).to.deep.equal([1, 2])
    })

    it('waits without counting an attempt while something it needs is away', async () => {
      let away = 3
      const seen: number[] = []
      await node.consume([
        on(kind, (events) => (away-- > 0 ? Promise.reject(new Unavailable('SMTP')) : notes(seen, events))),
      ])
      await publish(1)
      await until(() => seen.length === 1, { within: 10_000, what: 'the event is handled' })
      expect(node.warnings).not.to.include('event parked')
    })

    it('stops promptly while it waits, and leaves the event to whoever comes next', async () => {
      const consumer = await node.consume([on(kind, () => Promise.reject(new Unavailable('SMTP')))], group)
      await publish(1)
      await until(() => node.warnings.some((line) => line.startsWith('waiting')), { within: 10_000, what: 'it waits' })
      const start = performance.now()
      await consumer.stop()
      expect(performance.now() - start).to.be.below(3_000)
      const seen: number[] = []
      await (await newNode()).consume([on(kind, (events) => notes(seen, events))], group)
      await until(() => seen.length === 1, { within: 10_000, what: 'the next node handles it' })
    })
  })

  describe('poison', () => {
    const valid = () => encode(stamp(kind.of({ id: 'a', n: 1 })), '/test')
    const withoutId = () => {
      const { ce_id: _, ...headers } = valid().headers
      return { ...valid(), headers }
    }
    const rubbish: [string, () => Outgoing, RegExp][] = [
      [
        'rubbish',
        () => ({ ...valid(), value: '\u0000\u0001 rubbish', headers: {} }),
        /header ce_specversion is missing/,
      ],
      ['truncated JSON', () => ({ ...valid(), value: '{"id":"a","n"' }), /the value is not JSON/],
      ['a missing header', withoutId, /header ce_id is missing/],
      ['data against the schema', () => ({ ...valid(), value: '{"id":"a","n":"one"}' }), /n must be integer/],
      ['a tombstone', () => ({ ...valid(), value: null }), /no value/],
      ['no key', () => ({ ...valid(), key: null }), /no key/],
    ]

    it('goes to the dead letters at once with its reason, and holds up nothing', async () => {
      const dead = await other.read(deadLetterTopic(kind.type))
      await node.publisher.send(rubbish.map(([, message]) => message()))
      await node.consumeWithDb([on(kind, record)])
      await publish(7)
      await untilHandled(7)
      await until(() => dead.length === rubbish.length, { within: 10_000, what: 'all dead letters' })
      const reasons = dead.map((letter) => headerOf(letter, 'x-error') ?? '')
      for (const [what, , reason] of rubbish)
        expect(
          reasons.filter((each) => reason.test(each)),
          what,
        ).to.have.length(1)
    })
  })

  describe('without a database', () => {
    it('publishes what the handler returns, in the trace of its cause', async () => {
      const caused = newKind()
      await other.ensure(caused)
      const messages = await other.read(caused.type)
      const traces: (string | undefined)[] = []
      await node.consume([
        on(kind, (events) => {
          traces.push(currentTrace()?.requestId)
          return Promise.resolve(events.map(({ data }) => caused.of(data)))
        }),
      ])
      await withTrace({ traceparent: TRACEPARENT, requestId: 'r-1' }, () => publish(1))
      await until(() => messages.length === 1, { within: 10_000, what: 'the caused event' })
      expect(messages.map((message) => headerOf(message, 'traceparent'))).to.deep.equal([TRACEPARENT])
      expect(traces).to.deep.equal(['r-1'])
    })

    it('says whether it is a member of its group, and how far behind it is', async () => {
      const seen: number[] = []
      const consumer = await node.consume([on(kind, (events) => notes(seen, events))])
      expect(consumer.ready()).to.equal(true)
      await publish(1, 2, 3)
      await until(() => seen.length === 3, { within: 10_000, what: 'all are handled' })
      await until(() => consumer.lag() === 0, { within: 10_000, what: 'no lag' })
      await consumer.stop()
      expect(consumer.ready()).to.equal(false)
    })

    it('keeps its partitions while a handler takes longer than a silent member may', async () => {
      let deliveries = 0
      await node.consume(
        [
          on(kind, async () => {
            deliveries++
            await delay(7_000)
            return []
          }),
        ],
        group,
      )
      await publish(1)
      await other.caughtUp(group, kind.type)
      expect(deliveries).to.equal(1)
      expect(node.warnings).to.deep.equal([])
    })

    it('reads on when Kafka has been away', async () => {
      const seen: number[] = []
      await node.consume([on(kind, (events) => notes(seen, events))])
      await publish(1)
      await until(() => seen.length === 1, { within: 10_000, what: 'the first event' })
      await servers.kafka.kill()
      await servers.kafka.start()
      await until(() => publish(2).then(() => true), { within: 10_000, what: 'Kafka takes events' })
      await until(() => seen.includes(2), { within: 15_000, what: 'the second event' })
    }).timeout(60_000)
  })
})

const notes = (list: number[], events: Event<Thing>[]) => {
  list.push(...events.map(({ data }) => data.n))
  return Promise.resolve([])
}
