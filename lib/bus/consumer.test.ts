import { setTimeout as delay } from 'node:timers/promises'
import { expect } from 'chai'
import { until } from '../../dev/stack/until.ts'
import { newKind } from '../../test/support/bus-node.ts'
import { consumerBench, headerOf, note } from '../../test/support/consumer-bench.ts'
import { currentTrace, withTrace } from '../trace.ts'
import { on } from './consumer.ts'

const TRACEPARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'

describe('a consumer without a database', () => {
  const bench = consumerBench()

  it('publishes what the handler returns, in the trace of its cause', async () => {
    const caused = newKind()
    await bench.other.ensure(caused)
    const messages = await bench.other.read(caused.type)
    const traces: (string | undefined)[] = []
    await bench.node.consume([
      on(bench.kind, (events) => {
        traces.push(currentTrace()?.requestId)
        return Promise.resolve(events.map(({ data }) => caused.of(data)))
      }),
    ])
    await withTrace({ traceparent: TRACEPARENT, requestId: 'r-1' }, () => bench.publish(1))
    await until(() => messages.length === 1, { within: 10_000, what: 'the caused event' })
    expect(messages.map((message) => headerOf(message, 'traceparent'))).to.deep.equal([TRACEPARENT])
    expect(traces).to.deep.equal(['r-1'])
  })

  it('says whether it is a member of its group, and how far behind it is', async () => {
    const seen: number[] = []
    const consumer = await bench.node.consume([on(bench.kind, (events) => note(seen, events))])
    expect(consumer.ready()).to.equal(true)
    await bench.publish(1, 2, 3)
    await until(() => seen.length === 3, { within: 10_000, what: 'all are handled' })
    await until(() => consumer.lag() === 0, { within: 10_000, what: 'no lag' })
    await consumer.stop()
    expect(consumer.ready()).to.equal(false)
  })

  it('keeps its partitions while a handler takes longer than a silent member may', async () => {
    let deliveries = 0
    await bench.node.consume(
      [
        on(bench.kind, async () => {
          deliveries++
          await delay(7_000)
          return []
        }),
      ],
      bench.group,
    )
    await bench.publish(1)
    await bench.other.caughtUp(bench.group, bench.kind.type)
    expect(deliveries).to.equal(1)
    expect(bench.node.warnings).to.deep.equal([])
  })

  it('reads on when Kafka has been away', async () => {
    const seen: number[] = []
    await bench.node.consume([on(bench.kind, (events) => note(seen, events))])
    await bench.publish(1)
    await until(() => seen.length === 1, { within: 10_000, what: 'the first event' })
    await bench.servers.kafka.kill()
    await bench.servers.kafka.start()
    await until(() => bench.publish(2).then(() => true), { within: 10_000, what: 'Kafka takes events' })
    await until(() => seen.includes(2), { within: 15_000, what: 'the second event' })
  }).timeout(60_000)
})
