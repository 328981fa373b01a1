import type { IHeaders, KafkaMessage } from 'kafkajs'
import { describe, type Event, type EventKind, type StampedEvent } from './event.ts'

/** A message for a topic. */
export interface Outgoing {
  topic: string
  key: string | Buffer | null
  value: string | Buffer | null
  headers: IHeaders
  /** Now, unless given. */
  timestamp?: string
}

/** A message that no retry can help: it goes to the dead letters, with the reason. */
export class Poison extends Error {
  override name = 'Poison'
}

const SPEC_VERSION = '1.0'
const CONTENT_TYPE = 'application/json'
const JSON_CONTENT = /^application\/json\s*(;|$)/i
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
const RFC3339 = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/
const utf8 = new TextDecoder('utf-8', { fatal: true })

/** CloudEvents 1.0, Kafka protocol binding, binary content mode: attributes in headers, the data alone as the value. */
export function encode(event: StampedEvent, source: string): Outgoing {
  const headers: IHeaders = {
    ce_specversion: SPEC_VERSION,
    ce_id: event.id,
    ce_type: event.type,
    ce_source: source,
    ce_time: event.time.toISOString(),
    'content-type': CONTENT_TYPE,
  }
  if (event.traceparent) headers['traceparent'] = event.traceparent
  if (event.requestId) headers['x-request-id'] = event.requestId
  return { topic: event.type, key: event.key, value: event.value, headers }
}

/** Reads a message as an event of `kind`. Throws `Poison` on anything else than exactly that. */
export function decode<Data>(message: KafkaMessage, kind: EventKind<string, Data>): Event<Data> {
  const attribute = (name: string) => required(message, name)
  if (attribute('ce_specversion') !== SPEC_VERSION) throw new Poison(`ce_specversion is not ${SPEC_VERSION}`)
  if (attribute('ce_type') !== kind.type) throw new Poison(`ce_type is not ${kind.type}`)
  if (!JSON_CONTENT.test(attribute('content-type'))) throw new Poison(`content-type is not ${CONTENT_TYPE}`)
  const id = attribute('ce_id')
  if (!UUID.test(id)) throw new Poison('ce_id is not a UUID')
  const time = new Date(RFC3339.test(attribute('ce_time')) ? attribute('ce_time') : Number.NaN)
  if (Number.isNaN(time.getTime())) throw new Poison('ce_time is not an RFC 3339 time')
  if (!message.key?.length) throw new Poison('the message has no key')
  return {
    id,
    type: kind.type,
    source: attribute('ce_source'),
    time,
    key: message.key.toString(),
    data: read(message.value, kind),
    traceparent: header(message, 'traceparent'),
    requestId: header(message, 'x-request-id'),
  }
}

/** A header's text, where it stands once; else undefined. */
export function header({ headers }: Pick<KafkaMessage, 'headers'>, name: string): string | undefined {
  const value = headers?.[name]
  return !value || Array.isArray(value) ? undefined : value.toString()
}

/** A message as it came, for another topic. A header can be null: kafkajs reads that, but fails to write it. */
export function forward({ key, value, headers = {} }: KafkaMessage, topic: string): Outgoing {
  const text = (header: IHeaders[string]) => header ?? ''
  const written = Object.entries(headers).map(([name, header]) => [
    name,
    Array.isArray(header) ? header.map(text) : text(header),
  ])
  return { topic, key, value, headers: Object.fromEntries(written) }
}

function required(message: KafkaMessage, name: string): string {
  if (Array.isArray(message.headers?.[name])) throw new Poison(`header ${name} is doubled`)
  const value = header(message, name)
  if (!value) throw new Poison(`header ${name} is missing`)
  return value
}

function read<Data>(value: Buffer | null, kind: EventKind<string, Data>): Data {
  if (value === null) throw new Poison('the message has no value')
  const result = kind.check(parse(value))
  if ('errors' in result) throw new Poison(`the data does not match the schema: ${describe(result.errors)}`)
  return result.value
}

function parse(value: Buffer): unknown {
  try {
    return JSON.parse(utf8.decode(value))
  } catch {
    throw new Poison('the value is not JSON') // the parser's own message would quote the data
  }
}
