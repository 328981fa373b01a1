import { protocolsHttp } from '../../declarative/plugin-fields.ts'
import type { Field, FieldList, PluginSchema } from '../../declarative/schema.ts'
import { config, headerPair, list, pair } from '../fields.ts'

const record = (fields: FieldList): Field => ({ type: 'record', required: true, fields })

const written = record([
  { json: list(pair) },
  { json_types: list({ type: 'string', one_of: ['boolean', 'number', 'string'] }) },
  { headers: list(pair) },
])

export const schema: PluginSchema = {
  name: 'response-transformer',
  fields: [
    protocolsHttp,
    config([
      { remove: record([{ json: list({ type: 'string' }) }, { headers: list({ type: 'string' }) }]) },
      { rename: record([{ json: list(pair) }, { headers: list(headerPair) }]) },
      { replace: written },
      { add: written },
      { append: written },
    ]),
  ],
}
