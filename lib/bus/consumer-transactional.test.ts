import { expect } from 'chai'
import type { Knex } from 'knex'
import { until } from '../../dev/stack/until.ts'
import { newKind } from '../../test/support/bus-node.ts'
import { consumerBench, record } from '../../test/support/consumer-bench.ts'
import { withTrace } from '../trace.ts'
import { encode } from './cloud-events.ts'
import { on } from './consumer.ts'
import { stamp } from './event.ts'

const TRACEPARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'

describe('a consumer with a database', () => {
  const bench = consumerBench()

  it('commits what the handler did, the inbox and the caused events together', async () => {
    const caused = newKind()
    await bench.node.consumeWithDb([
      on(bench.kind, async (events, trx: Knex.Transaction) => {
        await record(events, trx)
        return events.map(({ data }) => caused.of({ id: data.id, n: data.n + 1 }))
      }),
    ])
    await withTrace({ traceparent: TRACEPARENT, requestId: 'r-1' }, () => bench.publish(1, 2))
    await bench.untilHandled(1, 2)
    const rows = await bench.database.db('outbox').orderBy('key')
    expect(rows.map(({ value }) => value)).to.deep.equal(['{"id":"key-1","n":2}', '{"id":"key-2","n":3}'])
    for (const row of rows) expect(row).to.include({ topic: caused.type, traceparent: TRACEPARENT, request_id: 'r-1' })
  })

  it('handles an event once that comes twice', async () => {
    await bench.node.consumeWithDb([on(bench.kind, record)], bench.group)
    const event = encode(stamp(bench.kind.of({ id: 'a', n: 1 })), '/test')
    await bench.node.publisher.send([event, event])
    await bench.node.publisher.send([event])
    await bench.publish(2)
    await bench.untilHandled(1, 2)
    await bench.other.caughtUp(bench.group, bench.kind.type)
    expect(await bench.handled()).to.have.length(2)
  })

  it('handles an event once when the node dies between its commit and that of the offset', async () => {
    const clients = bench.node.kafka.fork
    const forks: { cut(): void }[] = []
    bench.node.kafka.fork = () => {
      const client = clients.call(bench.node.kafka)
      forks.push(client)
      return client
    }
    let deaths = 0
    await bench.node.consumeWithDb(
      [
        on(bench.kind, async (events, trx: Knex.Transaction) => {
          await record(events, trx)
          trx.executionPromise.then(() => {
            if (deaths++ === 0) for (const fork of forks) fork.cut()
          })
          return []
        }),
      ],
      bench.group,
    )
    await bench.publish(1)
    await bench.untilHandled(1)
    await bench.other.caughtUp(bench.group, bench.kind.type)
    await bench.publish(2)
    await bench.untilHandled(1, 2)
    expect(deaths).to.be.greaterThan(0)
  })

  it('handles every event once while nodes come and go', async () => {
    await bench.node.consumeWithDb([on(bench.kind, record)], bench.group)
    const second = await bench.newNode()
    const numbers = Array.from({ length: 300 }, (_, n) => n)
    await bench.publish(...numbers.slice(0, 100))
    await second.consumeWithDb([on(bench.kind, record)], bench.group)
    await bench.publish(...numbers.slice(100, 200))
    await bench.node.close()
    await bench.publish(...numbers.slice(200))
    await bench.untilHandled(...numbers)
  })

  it('waits while Postgres is away, without counting an attempt, and loses nothing', async () => {
    await bench.node.consumeWithDb([on(bench.kind, record)])
    await bench.servers.postgres.stop()
    await bench.publish(1, 2, 3)
    await until(() => bench.node.warnings.some((line) => line.startsWith('waiting')), {
      within: 10_000,
      what: 'it waits',
    })
    await bench.servers.postgres.start()
    await bench.untilHandled(1, 2, 3)
    expect(bench.node.warnings).not.to.include('event parked')
  })
})
