import { collections } from '../declarative/collections.ts'
import { plugins } from '../plugins/registry.ts'
import { type Endpoints, notFound } from './reply.ts'

/** `/schemas/<entity>` and `/schemas/plugins/<name>`, which `deck` fills defaults from. */
export function schemaEndpoints([, entity = '', plugin]: string[]): Endpoints {
  return {
    GET: () => {
      const schema = plugin === undefined ? own(collections, entity) : own(plugins, plugin)?.schema
      if (schema) return { status: 200, body: { fields: schema.fields, entity_checks: schema.entity_checks ?? [] } }
      return notFound(plugin === undefined ? `No entity named '${entity}'` : `No plugin named '${plugin}'`)
    },
  }
}

function own<Value>(table: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined
}
