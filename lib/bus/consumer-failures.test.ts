import { expect } from 'chai'
import type { KafkaMessage } from 'kafkajs'
import type { Knex } from 'knex'
import { until } from '../../dev/stack/until.ts'
import { consumerBench, headerOf, note, record } from '../../test/support/consumer-bench.ts'
import { Unavailable } from '../errors.ts'
import { encode } from './cloud-events.ts'
import { on } from './consumer.ts'
import { stamp } from './event.ts'
import { deadLetterTopic, retryTopic } from './kafka.ts'

const AN_HOUR = 3_600_000

describe('a consumer whose handler fails', () => {
  const bench = consumerBench()

  it('handles the rest of the batch, and the failed one when it succeeds later', async () => {
    const retries = await bench.other.read(retryTopic(bench.kind.type))
    let failures = 2
    await bench.publish(1, 2, 3, 4, 5)
    await bench.node.consumeWithDb([
      on(bench.kind, async (events, trx: Knex.Transaction) => {
        await record(events, trx)
        if (events.some(({ data }) => data.n === 3) && (events.length > 1 || failures-- > 0)) throw new Error('not 3')
        return []
      }),
    ])
    await bench.untilHandled(1, 2, 3, 4, 5)
    expect(retries.map((message) => headerOf(message, 'x-attempts'))).to.deep.equal(['1', '2'])
  })

  it('leaves a retry alone until its time has come, and goes on with the rest', async () => {
    const seen: number[] = []
    await bench.node.consume([on(bench.kind, (events) => note(seen, events))])
    const retry = encode(stamp(bench.kind.of({ id: 'a', n: 1 })), '/test')
    const headers = { ...retry.headers, 'x-not-before': new Date(Date.now() + AN_HOUR).toISOString() }
    await bench.node.publisher.send([{ ...retry, topic: retryTopic(bench.kind.type), headers }])
    await bench.publish(2, 3, 4)
    await until(() => seen.length >= 3, { within: 10_000, what: 'the rest is handled' })
    expect(seen.toSorted()).to.deep.equal([2, 3, 4])
  })

  it('puts it among the dead letters with the reason when its attempts are used up', async () => {
    const dead = await bench.other.read(deadLetterTopic(bench.kind.type))
    await bench.node.consumeWithDb(
      [
        on(bench.kind, async (events, trx: Knex.Transaction) => {
          await trx.raw('select 1')
          if (events.some(({ data }) => data.n === 1)) throw new Error('never')
          return record(events, trx)
        }),
      ],
      bench.group,
    )
    await bench.publish(1, 2)
    await bench.untilHandled(2)
    await until(() => dead.length === 1, { within: 10_000, what: 'the dead letter' })
    const [letter] = dead as [KafkaMessage]
    expect(String(letter.value)).to.equal('{"id":"key-1","n":1}')
    expect(headerOf(letter, 'x-error')).to.equal('Error: never')
    expect(headerOf(letter, 'x-attempts')).to.equal('3')
    expect(headerOf(letter, 'x-original-topic')).to.equal(bench.kind.type)
    expect(headerOf(letter, 'x-consumer-group')).to.equal(bench.group)
  })

  it('does not bother the other groups', async () => {
    const calm: number[] = []
    await bench.node.consume([on(bench.kind, (events) => note(calm, events))])
    let attempts = 0
    await bench.node.consume([
      on(bench.kind, () => {
        attempts++
        return attempts < 3 ? Promise.reject(new Error('not yet')) : Promise.resolve([])
      }),
    ])
    await bench.publish(1)
    await until(() => attempts === 3, { within: 10_000, what: 'the failing group succeeds' })
    await bench.publish(2)
    await until(() => calm.includes(2), { within: 10_000, what: 'the other group goes on' })
    expect(calm).to.deep.equal([1, 2])
  })

  it('waits without counting an attempt while something it needs is away', async () => {
    let away = 3
    const seen: number[] = []
    await bench.node.consume([
      on(bench.kind, (events) => (away-- > 0 ? Promise.reject(new Unavailable('SMTP')) : note(seen, events))),
    ])
    await bench.publish(1)
    await until(() => seen.length === 1, { within: 10_000, what: 'the event is handled' })
    expect(bench.node.warnings).not.to.include('event parked')
  })

  it('stops while it waits, and leaves the event to whoever comes next', async () => {
    const consumer = await bench.node.consume(
      [on(bench.kind, () => Promise.reject(new Unavailable('SMTP')))],
      bench.group,
    )
    await bench.publish(1)
    await until(() => bench.node.warnings.some((line) => line.startsWith('waiting')), {
      within: 10_000,
      what: 'it waits',
    })
    await consumer.stop()
    expect(bench.node.warnings).not.to.include('group not left')
    const seen: number[] = []
    await (await bench.newNode()).consume([on(bench.kind, (events) => note(seen, events))], bench.group)
    await until(() => seen.length === 1, { within: 10_000, what: 'the next node handles it' })
  })
})
