import { protocolsHttp } from '../../declarative/plugin-fields.ts'
import type { PluginSchema } from '../../declarative/schema.ts'
import { config, flag } from '../fields.ts'

export const schema: PluginSchema = {
  name: 'correlation-id',
  fields: [
    protocolsHttp,
    config([
      { header_name: { type: 'string', default: 'Kong-Request-ID' } },
      {
        generator: {
          type: 'string',
          required: true,
          default: 'uuid#counter',
          one_of: ['uuid', 'uuid#counter', 'tracker'],
        },
      },
      { echo_downstream: flag(false) },
    ]),
  ],
}
