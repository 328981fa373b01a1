import { type CollectionName, collections } from '../declarative/collections.ts'
import { completeEntity } from '../declarative/complete-entity.ts'
import type { ErrorTree, RecordSchema } from '../declarative/schema.ts'
import { plugins } from '../plugins/registry.ts'
import { withForeignKeys } from './foreign-keys.ts'
import { readJson } from './json-body.ts'
import { schemaViolation } from './refusals.ts'
import { type Endpoints, notFound, type Reply } from './reply.ts'

/** `/schemas/<entity>`, `/schemas/plugins/<name>` and `/schemas/vaults/<name>`, which `deck` fills defaults from, and `…/validate`. */
export function schemaEndpoints([, entity = '', name]: string[]): Endpoints | undefined {
  if (name === 'validate') return validation(entity)
  if (name === undefined) return shown(own(collections, entity), `No entity named '${entity}'`)
  if (entity === 'plugins') return shown(own(plugins, name)?.schema, `No plugin named '${name}'`)
  if (entity === 'vaults') return shown(vaultSchema(name), `No vault named '${name}'`)
  return undefined
}

function shown(schema: RecordSchema | undefined, otherwise: string): Endpoints {
  return {
    GET: (): Reply => {
      if (!schema) return notFound(otherwise)
      return { status: 200, body: { fields: schema.fields, entity_checks: schema.entity_checks ?? [] } }
    },
  }
}

function validation(entity: string): Endpoints {
  return {
    POST: async (request) => {
      if (!Object.hasOwn(collections, entity)) return notFound(`No entity named '${entity}'`)
      const collection = entity as CollectionName
      const input = withForeignKeys(collection, await readJson(request))
      const { errors } = completeEntity(collections[collection], input)
      if (errors) throw schemaViolation(errors as ErrorTree)
      return { status: 200, body: { message: 'schema validation successful' } }
    },
  }
}

function vaultSchema(name: string): RecordSchema | undefined {
  const found = collections.vaults.subschema?.({ name })
  return found && 'fields' in found ? found : undefined
}

function own<Name extends CollectionName | string, Value>(
  table: Readonly<Record<Name, Value>>,
  name: string,
): Value | undefined {
  return Object.hasOwn(table, name) ? table[name as Name] : undefined
}
