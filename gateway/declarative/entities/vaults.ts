import { id, tags, timestamp } from '../field-types.ts'
import type { RecordSchema, Schema } from '../schema.ts'

/** Environment variables are the one kind of vault that the gateway knows. */
const env: RecordSchema = {
  fields: [
    {
      config: { type: 'record', required: true, fields: [{ prefix: { type: 'string', match: '^[%a_-][%a%d_-]*$' } }] },
    },
  ],
}

export const vaults: Schema = {
  name: 'vaults',
  endpoint_key: 'prefix',
  cache_key: ['prefix'],
  fields: [
    { id },
    {
      prefix: {
        type: 'string',
        required: true,
        unique: true,
        unique_across_ws: true,
        match: '^[a-z][a-z%d-]-[a-z%d]+$',
        not_one_of: ['env'],
      },
    },
    { name: { type: 'string', required: true } },
    { description: { type: 'string' } },
    { config: { type: 'record', abstract: true } },
    { created_at: timestamp },
    { updated_at: timestamp },
    { tags },
  ],
  subschema({ name }) {
    if (typeof name !== 'string') return { error: { name: 'required field missing' } }
    return name === 'env' ? env : { error: { name: `vault '${name}' is not installed` } }
  },
}
