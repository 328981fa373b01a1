import { host, sni } from '../declarative/field-types.ts'
import type { Field, FieldList } from '../declarative/schema.ts'
import { customFieldError } from './custom-fields.ts'

/** Fields that several plugins declare alike. */

export const flag = (value: boolean): Field => ({ type: 'boolean', required: true, default: value })

export const config = (fields: FieldList, more: Partial<Field> = {}): { config: Field } => ({
  config: { type: 'record', required: true, fields, ...more },
})

const HEADER_NAME = /^[a-zA-Z0-9-_]+$/

export const headerName: Field = {
  type: 'string',
  custom_validator: (name: string) =>
    HEADER_NAME.test(name)
      ? undefined
      : `bad header name '${name}', allowed characters are A-Z, a-z, 0-9, '_', and '-'`,
}

/** What authentication plugins share: whom a request counts as that does not authenticate, and when to ask. */
export const anonymous: { anonymous: Field } = { anonymous: { type: 'string' } }
export const runOnPreflight: { run_on_preflight: Field } = { run_on_preflight: flag(true) }
export const realm: { realm: Field } = { realm: { type: 'string', required: false } }

export const redisFields: FieldList = [
  { host },
  { port: { type: 'integer', between: [0, 65535], default: 6379 } },
  { timeout: { type: 'integer', between: [0, 2147483646], default: 2000 } },
  { username: { type: 'string', referenceable: true } },
  { password: { type: 'string', referenceable: true, encrypted: true, len_min: 0 } },
  { database: { type: 'integer', default: 0 } },
  { ssl: { type: 'boolean', required: false, default: false } },
  { ssl_verify: { type: 'boolean', required: false, default: false } },
  { server_name: { ...sni, required: false } },
]

/** Lua for fields of log entries, as far as it can be done without Lua. */
export const customFieldsByLua: { custom_fields_by_lua: Field } = {
  custom_fields_by_lua: {
    type: 'map',
    keys: { type: 'string', len_min: 1 },
    values: { type: 'string', len_min: 1, custom_validator: customFieldError },
  },
}

export const list = (elements: Field): Field => ({ type: 'array', required: true, default: [], elements })

/** `name:value` */
export const pair: Field = { type: 'string', match: '^[^:]+:.*$' }

const headerNames = (names: readonly string[]): string | undefined => {
  const bad = names.find((name) => !HEADER_NAME.test(name))
  return bad === undefined ? undefined : `'${bad}' is not a valid header`
}

/** The header's name alone, or with a value behind it. */
export const namesHeader = (text: string): string | undefined => headerNames([/^[^:]*/.exec(text)?.[0] ?? ''])

/** `name:other-name` */
export const headerPair: Field = {
  ...pair,
  custom_validator: (text: string) => {
    const [name = '', ...rest] = text.split(':')
    return headerNames([name, rest.join(':').replace(/^:+/, '')])
  },
}
