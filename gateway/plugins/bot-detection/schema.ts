import { noConsumer, protocolsHttp } from '../../declarative/plugin-fields.ts'
import type { Field, PluginSchema } from '../../declarative/schema.ts'
import { config } from '../fields.ts'

const patterns: Field = { type: 'array', default: [], elements: { type: 'string', is_regex: true } }

export const schema: PluginSchema = {
  name: 'bot-detection',
  fields: [noConsumer, protocolsHttp, config([{ allow: patterns }, { deny: patterns }])],
}
