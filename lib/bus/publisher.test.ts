import { expect } from 'chai'
import { until } from '../../dev/stack/until.ts'
import { type Bus, connectBus } from '../../test/support/bus.ts'
import { type BusNode, busNode, newKind } from '../../test/support/bus-node.ts'
import { stack } from '../../test/support/stack.ts'
import { Unavailable } from '../errors.ts'
import { withTrace } from '../trace.ts'
import { InvalidEvent } from './event.ts'
import type { Kafka } from './kafka.ts'
import { createPublisher } from './publisher.ts'

const TRACEPARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }

describe('publisher', () => {
  const kind = newKind()
  let node: BusNode
  let other: Bus

  before(async () => {
    const { kafka } = await stack('kafka')
    node = await busNode({ kinds: [kind] })
    other = await connectBus(kafka.url)
  })
  after(async () => {
    await other.disconnect()
    await node.close()
  })

  it('has the event in Kafka when it resolves, with the trace of the request that caused it', async () => {
    const messages = await other.read(kind.type)
    await withTrace({ traceparent: TRACEPARENT, requestId: 'r-1' }, () =>
      node.publisher.publish(kind.of({ id: 'a', n: 1 })),
    )
    await until(() => messages.length === 1, { within: 5_000, what: 'the event arrives' })
    expect(String(messages[0]?.value)).to.equal('{"id":"a","n":1}')
    expect(String(messages[0]?.headers?.['traceparent'])).to.equal(TRACEPARENT)
    expect(String(messages[0]?.headers?.['x-request-id'])).to.equal('r-1')
    expect(String(messages[0]?.headers?.['ce_source'])).to.equal('/test')
  })

  it('keeps the order of one key', async () => {
    const ordered = newKind()
    await other.ensure(ordered)
    const messages = await other.read(ordered.type)
    const sent = Array.from({ length: 1_200 }, (_, n) => n)
    await Promise.all(sent.map((n) => node.publisher.publish(ordered.of({ id: 'a', n }))))
    await until(() => messages.length === sent.length, { within: 5_000, what: 'all events arrive' })
    expect(messages.map(({ value }) => JSON.parse(String(value)).n)).to.deep.equal(sent)
  })

  it('sends what is published at the same time in few batches', async () => {
    const batches: number[] = []
    const publisher = createPublisher({ kafka: counting(node.kafka, batches), source: '/test', log: quiet })
    await publisher.connect()
    await Promise.all(Array.from({ length: 1_000 }, (_, n) => publisher.publish(kind.of({ id: String(n), n }))))
    await publisher.stop()
    expect(batches.reduce((a, b) => a + b)).to.equal(1_000)
    expect(batches.length).to.be.at.most(5)
  })

  it('refuses data that does not match the schema before it is sent', async () => {
    const refused = await node.publisher.publish(kind.of({ id: 'a', n: 0.5 })).catch((error) => error)
    expect(refused).to.be.instanceOf(InvalidEvent)
  })

  it('refuses an event that is too large for Kafka', async () => {
    const refused = await node.publisher.publish(kind.of({ id: 'x'.repeat(300_000), n: 1 })).catch((error) => error)
    expect(refused).to.be.instanceOf(InvalidEvent)
  })

  it('refuses what no queue can hold', async () => {
    const refused = await node.publisher.publish(Array(20_001).fill(kind.of({ id: 'a', n: 1 }))).catch((error) => error)
    expect(refused).to.be.instanceOf(Unavailable)
  })

  it('sends what is queued before it stops, and nothing afterwards', async () => {
    const publisher = createPublisher({ kafka: node.kafka, source: '/test', log: quiet })
    await publisher.connect()
    const published = publisher.publish(Array(700).fill(kind.of({ id: 'a', n: 1 })))
    await publisher.stop()
    await published
    const late = await publisher.publish(kind.of({ id: 'a', n: 1 })).catch((error) => error)
    expect(late).to.be.instanceOf(Unavailable)
  })
})

describe('publisher, when Kafka dies', () => {
  const kind = newKind()
  let node: BusNode

  before(async () => {
    node = await busNode({ kinds: [kind] })
  })
  after(async () => {
    await (await stack('kafka')).kafka.start()
    await node.close()
  })

  it('refuses what Kafka does not confirm, from then on without asking Kafka, and works again within 10 s of its return', async () => {
    const { kafka } = await stack('kafka')
    await node.publisher.publish(kind.of({ id: 'before', n: 1 }))
    await kafka.kill()

    expect(await refusal('lost')).to.be.instanceOf(Unavailable)
    const nextTurn = new Promise((resolve) => setImmediate(resolve, 'it asks'))
    expect(await Promise.race([refusal('lost too'), nextTurn])).to.be.instanceOf(Unavailable)
    const newcomer = createPublisher({ kafka: node.kafka, source: '/test', log: quiet })
    expect(await newcomer.connect().catch((error) => error)).to.be.instanceOf(Unavailable)

    await kafka.start()
    const works = () => node.publisher.publish(kind.of({ id: 'after', n: 1 })).then(() => true)
    await until(works, { within: 10_000, what: 'publishing works again' })
  })

  it('does not send later what it has refused', async () => {
    const { kafka } = await stack('kafka')
    const other = await connectBus(kafka.url)
    const messages = await other.read(kind.type)
    const has = (key: string) => messages.some((message) => String(message.key) === key)
    await until(() => has('before') && has('after'), { within: 10_000, what: 'the accepted events are there' })
    expect(messages.map(({ key }) => String(key)).filter((key) => key.startsWith('lost'))).to.deep.equal([])
    await other.disconnect()
  })

  const refusal = (id: string) => node.publisher.publish(kind.of({ id, n: 1 })).catch((error) => error)
})

/** The same client, which notes how many messages each batch has that goes to Kafka. */
function counting(kafka: Kafka, batches: number[]): Kafka {
  const counted = kafka.fork()
  counted.fork = () => {
    const client = kafka.fork()
    const create = client.producer.bind(client)
    client.producer = (config) => {
      const producer = create(config)
      const send = producer.sendBatch
      producer.sendBatch = (batch) => {
        batches.push(batch.topicMessages?.flatMap(({ messages }) => messages).length ?? 0)
        return send(batch)
      }
      return producer
    }
    return client
  }
  return counted
}
