import { randomUUID } from 'node:crypto'
import type { KafkaMessage } from 'kafkajs'
import type { Knex } from 'knex'
import { until } from '../../dev/stack/until.ts'
import type { Event, EventKind } from '../../lib/bus/event.ts'
import { type Bus, connectBus } from './bus.ts'
import { type BusNode, busNode, newDb, newKind, type TestDb, type Thing } from './bus-node.ts'
import { type Stack, stack } from './stack.ts'

/** What each test of consumers gets anew, but for the servers and the other end of their Kafka. */
interface Fresh {
  kind: EventKind<string, Thing>
  database: TestDb
  group: string
  node: BusNode
}

interface Shared {
  servers: Pick<Stack, 'kafka' | 'postgres'>
  other: Bus
}

/** For the tests of a `describe`, whose hooks this adds. */
export function consumerBench() {
  const nodes: BusNode[] = []
  const bench = {
    ...({} as Fresh & Shared),
    async newNode(): Promise<BusNode> {
      const created = await busNode({ kinds: [bench.kind], ...bench.database })
      nodes.push(created)
      return created
    },
    publish: (...ns: number[]) => bench.other.publish(...ns.map((n) => bench.kind.of({ id: `key-${n}`, n }))),
    /** What `record` has kept, in its order. */
    handled: async (): Promise<number[]> => bench.database.db('handled').orderBy('seq').pluck('n'),
    untilHandled: (...ns: number[]) =>
      until(async () => String((await bench.handled()).toSorted()) === String(ns.toSorted()), {
        within: 15_000,
        what: `handled: ${ns}`,
      }),
  }

  before(async () => {
    bench.servers = await stack('kafka', 'postgres')
    bench.other = await connectBus(bench.servers.kafka.url)
  })
  beforeEach(async () => {
    const [database, kind, group] = [await newDb(bench.servers.postgres), newKind(), randomUUID()]
    Object.assign(bench, { database, kind, group })
    bench.node = await bench.newNode()
  })
  afterEach(async () => {
    for (const each of nodes.splice(0)) await each.close()
    await bench.database.db.destroy()
  })
  after(() => bench.other.disconnect())
  return bench
}

/** A handler that keeps what it gets in the database. */
export async function record(events: Event<Thing>[], trx: Knex.Transaction): Promise<[]> {
  await trx('handled').insert(events.map(({ data }) => data))
  return []
}

/** One that keeps it in a list. */
export function note(list: number[], events: Event<Thing>[]): Promise<[]> {
  list.push(...events.map(({ data }) => data.n))
  return Promise.resolve([])
}

export const headerOf = ({ headers }: KafkaMessage, name: string): string | undefined => {
  const value = headers?.[name]
  return value === undefined ? undefined : String(value)
}
