import { expect } from 'chai'
import type { KafkaMessage } from 'kafkajs'
import { newKind, type Thing } from '../../test/support/bus-node.ts'
import { withTrace } from '../trace.ts'
import { decode, encode, Poison } from './cloud-events.ts'
import { InvalidEvent, stamp } from './event.ts'

const kind = newKind()
const TRACEPARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'

/** What arrives when a valid event is sent, with some of it changed on the way. */
function received(
  change: { headers?: KafkaMessage['headers']; value?: string | Buffer | null; key?: string | null } = {},
) {
  const trace = { traceparent: TRACEPARENT, requestId: 'r-1' }
  const event = withTrace(trace, () => stamp(kind.of({ id: 'a', n: 1 })))
  const sent = encode(event, '/test')
  const value = change.value === undefined ? sent.value : change.value
  const key = change.key === undefined ? sent.key : change.key
  return {
    event,
    message: {
      key: key === null ? null : Buffer.from(key),
      value: value === null ? null : Buffer.from(value),
      headers: { ...sent.headers, ...change.headers },
      timestamp: '0',
      offset: '0',
      attributes: 0,
    } satisfies KafkaMessage,
  }
}

const poisonIn = (change: Parameters<typeof received>[0]): string => {
  try {
    decode(received(change).message, kind)
  } catch (error) {
    if (error instanceof Poison) return error.message
    throw error
  }
  return 'none'
}

describe('CloudEvents', () => {
  it('carries an event with all its attributes through headers and value', () => {
    const { event, message } = received()
    expect(decode(message, kind)).to.deep.equal({
      id: event.id,
      type: kind.type,
      source: '/test',
      time: event.time,
      key: 'a',
      data: { id: 'a', n: 1 },
      traceparent: TRACEPARENT,
      requestId: 'r-1',
    })
  })

  it('sends the data alone as the value', () => {
    expect(String(received().message.value)).to.equal('{"id":"a","n":1}')
  })

  it('reads an event that belongs to no trace', () => {
    const { traceparent, requestId } = decode(
      received({ headers: { traceparent: undefined, 'x-request-id': undefined } }).message,
      kind,
    )
    expect([traceparent, requestId]).to.deep.equal([undefined, undefined])
  })

  it('reads a field that a later schema has added', () => {
    const data = decode<Thing>(received({ value: '{"id":"a","n":1,"later":true}' }).message, kind).data
    expect(data).to.deep.equal({ id: 'a', n: 1, later: true })
  })

  it('refuses to state an event that its schema refuses', () => {
    expect(() => stamp(kind.of({ id: 'a', n: 1.5 }))).to.throw(InvalidEvent, 'n must be integer')
  })

  for (const name of ['ce_id', 'ce_type', 'ce_source', 'ce_time', 'ce_specversion', 'content-type']) {
    it(`takes a message without ${name}, or with an empty, a null or a doubled one, as poison`, () => {
      expect(poisonIn({ headers: { [name]: undefined } })).to.equal(`header ${name} is missing`)
      expect(poisonIn({ headers: { [name]: '' } })).to.equal(`header ${name} is missing`)
      expect(poisonIn({ headers: { [name]: null as never } })).to.equal(`header ${name} is missing`)
      expect(poisonIn({ headers: { [name]: ['a', 'b'] } })).to.equal(`header ${name} is doubled`)
    })
  }

  const malformed: [string, Parameters<typeof received>[0], string][] = [
    ['another version of CloudEvents', { headers: { ce_specversion: '0.3' } }, 'ce_specversion is not 1.0'],
    ['another kind of event', { headers: { ce_type: 'user.other' } }, `ce_type is not ${kind.type}`],
    ['an id that is no UUID', { headers: { ce_id: '1; drop table inbox' } }, 'ce_id is not a UUID'],
    ['a time that is none', { headers: { ce_time: 'yesterday' } }, 'ce_time is not an RFC 3339 time'],
    ['a time that cannot be', { headers: { ce_time: '2026-13-45T99:00:00Z' } }, 'ce_time is not an RFC 3339 time'],
    [
      'another content type',
      { headers: { 'content-type': 'application/jsonp' } },
      'content-type is not application/json',
    ],
    ['no key', { key: null }, 'the message has no key'],
    ['an empty key', { key: '' }, 'the message has no key'],
    ['no value (a tombstone)', { value: null }, 'the message has no value'],
    ['an empty value', { value: '' }, 'the value is not JSON'],
    ['truncated JSON', { value: '{"id":"a","n"' }, 'the value is not JSON'],
    ['bytes that are no UTF-8', { value: Buffer.from([0x22, 0xff, 0xfe, 0x22]) }, 'the value is not JSON'],
    ['data of another shape', { value: '[]' }, 'the data does not match the schema: body must be object'],
    ['a missing field', { value: '{"id":"a"}' }, 'the data does not match the schema: n is required'],
    [
      'several wrong fields',
      { value: '{"id":1,"n":"x"}' },
      'the data does not match the schema: id must be string; n must be integer',
    ],
  ]
  for (const [what, change, reason] of malformed) {
    it(`takes a message with ${what} as poison`, () => expect(poisonIn(change)).to.equal(reason))
  }
})
