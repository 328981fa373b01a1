import { randomUUID } from 'node:crypto'
import type { JSONSchemaType } from 'ajv'
import type { FieldError } from '../errors.ts'
import { compile } from '../schema.ts'
import { currentTrace } from '../trace.ts'

/**
 * One kind of event: its name (which is also its topic and `ce_type`), the JSON Schema of its data,
 * and which aggregate it is about (the message key, so that events of one aggregate stay in order).
 */
export interface EventKind<Type extends string = string, Data = unknown> {
  readonly type: Type
  readonly schema: object // as JSONSchemaType<Data> it would keep a kind from being an EventKind of unknown data
  key(data: Data): string
  /** Gives the data back typed, or what is wrong with it. */
  check(data: unknown): { value: Data } | { errors: FieldError[] }
  /** An occurrence, to be returned from a consumer, added to the outbox or published. */
  of(data: Data): EventDraft<Type, Data>
}

/** An event as a service states it; the kit stamps id, time, source, trace and request id. */
export interface EventDraft<Type extends string = string, Data = unknown> {
  readonly kind: EventKind<Type, Data>
  readonly data: Data
}

/** An event as it travels: CloudEvents 1.0 attributes around the data. */
export interface Event<Data = unknown> {
  /** `ce_id`: a UUID, the inbox's key. */
  readonly id: string
  readonly type: string
  /** The service that stated it, e.g. `/services/users`. */
  readonly source: string
  /** When it was stated. */
  readonly time: Date
  readonly key: string
  readonly data: Data
  readonly traceparent: string | undefined
  readonly requestId: string | undefined
}

/** An event with its data already as the JSON that will be sent; `source` is the publisher's to add. */
export interface StampedEvent extends Omit<Event, 'data' | 'source'> {
  readonly value: string
}

export function defineEvent<Data>() {
  return <Type extends string>(definition: {
    type: Type
    key: (data: Data) => string
    schema: JSONSchemaType<Data>
  }): EventKind<Type, Data> => {
    const check = compile(definition.schema)
    const kind: EventKind<Type, Data> = { ...definition, check, of: (data) => ({ kind, data }) }
    return kind
  }
}

/** A service states an event that its own schema, or Kafka, would refuse: its fault, found before anybody sees the event. */
export class InvalidEvent extends Error {
  override name = 'InvalidEvent'
}

/** Kafka takes a megabyte with headers and all, unless configured otherwise; what it refuses could never leave an outbox. */
const MAX_CHARACTERS = 300_000

/** Makes a draft an event of now, in the current trace. */
export function stamp({ kind, data }: EventDraft): StampedEvent {
  const result = kind.check(data)
  if ('errors' in result) throw new InvalidEvent(`${kind.type}: ${describe(result.errors)}`)
  const value = JSON.stringify(data)
  if (value.length > MAX_CHARACTERS) throw new InvalidEvent(`${kind.type}: the data is too large`)
  const trace = currentTrace()
  return {
    id: randomUUID(),
    type: kind.type,
    time: new Date(),
    key: kind.key(data),
    value,
    traceparent: trace?.traceparent,
    requestId: trace?.requestId,
  }
}

export const describe = (errors: FieldError[]): string =>
  errors.map(({ field, message }) => `${field} ${message}`).join('; ')
