import type { JSONSchemaType } from 'ajv'

/**
 * One kind of event: its name (which is also its topic and `ce_type`), the JSON Schema of its data,
 * and which aggregate it is about (the message key, so that events of one aggregate stay in order).
 */
export interface EventKind<Type extends string = string, Data = unknown> {
  readonly type: Type
  readonly schema: JSONSchemaType<Data>
  key(data: Data): string
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

export function defineEvent<Data>() {
  return <Type extends string>(definition: {
    type: Type
    key: (data: Data) => string
    schema: JSONSchemaType<Data>
  }): EventKind<Type, Data> => {
    const kind: EventKind<Type, Data> = { ...definition, of: (data) => ({ kind, data }) }
    return kind
  }
}
