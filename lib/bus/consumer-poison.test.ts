import { expect } from 'chai'
import { until } from '../../dev/stack/until.ts'
import { consumerBench, headerOf, record } from '../../test/support/consumer-bench.ts'
import { encode, type Outgoing } from './cloud-events.ts'
import { on } from './consumer.ts'
import { stamp } from './event.ts'
import { deadLetterTopic } from './kafka.ts'

describe('poison', () => {
  const bench = consumerBench()

  const valid = () => encode(stamp(bench.kind.of({ id: 'a', n: 1 })), '/test')
  const withoutId = () => {
    const { ce_id: _, ...headers } = valid().headers
    return { ...valid(), headers }
  }
  const rubbish: [string, () => Outgoing, RegExp][] = [
    ['rubbish', () => ({ ...valid(), value: '\u0000\u0001 rubbish', headers: {} }), /header ce_specversion is missing/],
    ['truncated JSON', () => ({ ...valid(), value: '{"id":"a","n"' }), /the value is not JSON/],
    ['a missing header', withoutId, /header ce_id is missing/],
    ['data against the schema', () => ({ ...valid(), value: '{"id":"a","n":"one"}' }), /n must be integer/],
    ['a tombstone', () => ({ ...valid(), value: null }), /no value/],
    ['no key', () => ({ ...valid(), key: null }), /no key/],
  ]

  it('goes to the dead letters at once with its reason, and holds up nothing', async () => {
    const dead = await bench.other.read(deadLetterTopic(bench.kind.type))
    await bench.node.publisher.send(rubbish.map(([, message]) => message()))
    await bench.node.consumeWithDb([on(bench.kind, record)])
    await bench.publish(7)
    await bench.untilHandled(7)
    await until(() => dead.length === rubbish.length, { within: 10_000, what: 'all dead letters' })
    const reasons = dead.map((letter) => headerOf(letter, 'x-error') ?? '')
    for (const [what, , reason] of rubbish)
      expect(
        reasons.filter((each) => reason.test(each)),
        what,
      ).to.have.length(1)
  })
})
