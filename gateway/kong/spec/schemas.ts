import { protocolsHttp } from '../../declarative/plugin-fields.ts'
import type { PluginSchema } from '../../declarative/schema.ts'
import { redisFields } from '../../plugins/fields.ts'

/** A schema as the Lua host prints one: what Kong itself defines by name alone, functions as functions. */
export const printed = (schema: PluginSchema): unknown =>
  JSON.parse(
    JSON.stringify(schema, (_key, value) => {
      if (value === protocolsHttp) return { protocols: 'protocols_http' }
      if (value === redisFields) return 'redis'
      return typeof value === 'function' ? 'function' : value
    }),
  )
