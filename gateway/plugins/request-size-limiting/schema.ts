import { protocolsHttp } from '../../declarative/plugin-fields.ts'
import type { PluginSchema } from '../../declarative/schema.ts'
import { config, flag } from '../fields.ts'

export const BYTES = { megabytes: 2 ** 20, kilobytes: 2 ** 10, bytes: 1 }

export const schema: PluginSchema = {
  name: 'request-size-limiting',
  fields: [
    protocolsHttp,
    config([
      { allowed_payload_size: { type: 'integer', default: 128 } },
      { size_unit: { type: 'string', required: true, default: 'megabytes', one_of: Object.keys(BYTES) } },
      { require_content_length: flag(false) },
    ]),
  ],
}
