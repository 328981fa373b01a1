import { noConsumer, protocolsHttp } from '../../declarative/plugin-fields.ts'
import type { PluginSchema } from '../../declarative/schema.ts'
import { anonymous, config, flag } from '../fields.ts'

export const schema: PluginSchema = {
  name: 'basic-auth',
  fields: [
    noConsumer,
    protocolsHttp,
    config([
      anonymous,
      { hide_credentials: flag(false) },
      { realm: { type: 'string', required: true, default: 'service' } },
    ]),
  ],
}
