import { url } from '../../declarative/field-types.ts'
import { protocolsAny } from '../../declarative/plugin-fields.ts'
import type { Field, PluginSchema } from '../../declarative/schema.ts'
import { config, customFieldsByLua, headerName } from '../fields.ts'
import { queue } from '../queue-fields.ts'

const deprecated = (type: 'integer' | 'number', old_default: number, message: string): Field => ({
  type,
  deprecation: { message: `http-log: config.${message}`, removal_in_version: '4.0', old_default },
})

interface Declared {
  http_endpoint: string
  headers: Record<string, string> | null
}

function check({ http_endpoint, headers }: Declared): string | undefined {
  const named = Object.keys(headers ?? {}).some((name) => name.toLowerCase() === 'authorization')
  return named && URL.canParse(http_endpoint) && new URL(http_endpoint).username !== ''
    ? "specifying both an 'Authorization' header and user info in 'http_endpoint' is not allowed"
    : undefined
}

export const schema: PluginSchema = {
  name: 'http-log',
  fields: [
    protocolsAny,
    config(
      [
        { http_endpoint: { ...url, required: true, encrypted: true, referenceable: true } },
        { method: { type: 'string', default: 'POST', one_of: ['POST', 'PUT', 'PATCH'] } },
        {
          content_type: {
            type: 'string',
            default: 'application/json',
            one_of: ['application/json', 'application/json; charset=utf-8'],
          },
        },
        { timeout: { type: 'number', default: 10_000 } },
        { keepalive: { type: 'number', default: 60_000 } },
        {
          retry_count: deprecated(
            'integer',
            10,
            'retry_count no longer works, please use config.queue.max_retry_time instead',
          ),
        },
        {
          queue_size: deprecated(
            'integer',
            1,
            'queue_size is deprecated, please use config.queue.max_batch_size instead',
          ),
        },
        {
          flush_timeout: deprecated(
            'number',
            2,
            'flush_timeout is deprecated, please use config.queue.max_coalescing_delay instead',
          ),
        },
        {
          headers: {
            type: 'map',
            keys: {
              ...headerName,
              match_none: [
                { pattern: '^[Hh][Oo][Ss][Tt]$', err: "cannot contain 'Host' header" },
                {
                  pattern: '^[Cc][Oo][Nn][Tt][Ee][Nn][Tt]%-[Ll][Ee][nn][Gg][Tt][Hh]$',
                  err: "cannot contain 'Content-Length' header",
                },
                {
                  pattern: '^[Cc][Oo][Nn][Tt][Ee][Nn][Tt]%-[Tt][Yy][Pp][Ee]$',
                  err: "cannot contain 'Content-Type' header",
                },
              ],
            },
            values: { type: 'string', referenceable: true },
          },
        },
        queue(),
        customFieldsByLua,
      ],
      { custom_validator: check },
    ),
  ],
}
