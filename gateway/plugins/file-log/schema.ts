import { protocolsAny } from '../../declarative/plugin-fields.ts'
import type { PluginSchema } from '../../declarative/schema.ts'
import { config, customFieldsByLua, flag } from '../fields.ts'

export const schema: PluginSchema = {
  name: 'file-log',
  fields: [
    protocolsAny,
    config([
      { path: { type: 'string', required: true, match: '^[^*&%%\\`]+$', err: 'not a valid filename' } },
      { reopen: flag(false) },
      customFieldsByLua,
    ]),
  ],
}
