import { id, tags, timestamp } from '../field-types.ts'
import type { Schema } from '../schema.ts'

export const consumers: Schema = {
  name: 'consumers',
  endpoint_key: 'username',
  fields: [
    { id },
    { created_at: timestamp },
    { updated_at: timestamp },
    { username: { type: 'string', unique: true } },
    { custom_id: { type: 'string', unique: true } },
    { tags },
  ],
  entity_checks: [{ at_least_one_of: ['custom_id', 'username'] }],
}
