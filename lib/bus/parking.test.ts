import { expect } from 'chai'
import type { KafkaMessage } from 'kafkajs'
import { type Outgoing, Poison } from './cloud-events.ts'
import { dueIn, isFor, park, type RetryPolicy } from './parking.ts'

const retry: RetryPolicy = { attempts: 4, firstDelayMs: 1_000, maxDelayMs: 10_000 }
const NOW = Date.parse('2026-01-02T03:04:05.000Z')

const message = (headers: KafkaMessage['headers'] = {}): KafkaMessage => ({
  key: Buffer.from('a'),
  value: Buffer.from('{}'),
  headers,
  timestamp: '0',
  offset: '0',
  attributes: 0,
})

const fail = (failed: KafkaMessage, error: unknown = new Error('no luck')): Outgoing =>
  park({ topic: 'user.created', message: failed, error }, { group: 'notifier', retry, now: NOW })

const asReceived = ({ headers }: Outgoing): KafkaMessage => message(headers as KafkaMessage['headers'])

describe('parking', () => {
  it('sends what failed to the retry topic, unchanged but for the account of the failure', () => {
    const parked = fail(message({ ce_id: 'x', list: ['a', 'b'] }))
    expect(parked).to.deep.include({ topic: 'user.created.retry', key: Buffer.from('a'), value: Buffer.from('{}') })
    expect(parked.headers).to.deep.include({
      ce_id: 'x',
      list: ['a', 'b'],
      'x-error': 'Error: no luck',
      'x-attempts': '1',
      'x-original-topic': 'user.created',
      'x-consumer-group': 'notifier',
    })
  })

  it('waits longer after every attempt, up to the limit, and never less than half of it', () => {
    let failed = message()
    const delays = [1_000, 4_000, 10_000].map((longest) => {
      failed = asReceived(fail(failed))
      return dueIn(failed, NOW) / longest
    })
    for (const share of delays) expect(share).to.be.within(0.5, 1)
  })

  it('gives up after the last attempt: to the dead letters of the topic it first came from', () => {
    let failed = message()
    for (let attempt = 1; attempt < retry.attempts; attempt++) failed = asReceived(fail(failed))
    const dead = park(
      { topic: 'user.created.retry', message: failed, error: new Error('still no luck') },
      { group: 'notifier', retry, now: NOW },
    )
    expect(dead.topic).to.equal('user.created.dlq')
    expect(dead.headers).to.include({ 'x-attempts': '4', 'x-original-topic': 'user.created' })
    expect(dead.headers).not.to.have.property('x-not-before')
  })

  it('sends poison to the dead letters at once', () => {
    expect(fail(message(), new Poison('the value is not JSON'))).to.deep.include({ topic: 'user.created.dlq' })
  })

  it('is for the group that failed and for no other', () => {
    const parked = asReceived(fail(message()))
    expect([isFor(parked, 'notifier'), isFor(parked, 'users'), isFor(message(), 'users')]).to.deep.equal([
      true,
      false,
      true,
    ])
  })

  it('takes a time it cannot read, or that has passed, as now', () => {
    expect(dueIn(message({ 'x-not-before': 'soon' }), NOW)).to.equal(0)
    expect(dueIn(message({ 'x-not-before': '2020-01-01T00:00:00Z' }), NOW)).to.equal(0)
  })

  it('forwards a message whose header is null, which kafkajs can read but not write', () => {
    const withNull = message({ ce_id: null as never, list: ['a', null as never] })
    expect(fail(withNull).headers).to.deep.include({ ce_id: '', list: ['a', ''] })
  })

  it('keeps a reason to a length that fits a header', () => {
    const reason = String(fail(message(), new Error(`${'x'.repeat(5_000)} - not null`)).headers['x-error'])
    expect(reason).to.have.length.below(1_000)
    expect(reason).to.match(/^Error: x+ … x+ - not null$/)
  })
})
