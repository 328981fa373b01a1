import { noConsumer, protocolsHttp } from '../../declarative/plugin-fields.ts'
import type { PluginSchema } from '../../declarative/schema.ts'
import { anonymous, config, flag, headerName, realm, runOnPreflight } from '../fields.ts'

export const schema: PluginSchema = {
  name: 'key-auth',
  fields: [
    noConsumer,
    protocolsHttp,
    config([
      { key_names: { type: 'array', required: true, elements: headerName, default: ['apikey'] } },
      { hide_credentials: flag(false) },
      anonymous,
      { key_in_header: flag(true) },
      { key_in_query: flag(true) },
      { key_in_body: flag(false) },
      runOnPreflight,
      realm,
    ]),
  ],
}
