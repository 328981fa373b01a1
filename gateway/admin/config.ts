import { stringify } from 'yaml'
import { Unservable } from '../control-plane.ts'
import { collectionNames } from '../declarative/collections.ts'
import { isObject } from '../declarative/is-object.ts'
import { parseText } from '../declarative/load.ts'
import type { ErrorTree } from '../declarative/schema.ts'
import { validate } from '../declarative/validate.ts'
import type { Entities } from '../entities.ts'
import type { ControlPlane } from './control-plane.ts'
import { luaTable } from './lua-table.ts'
import { type AdminRequest, type Endpoints, Refusal, type Reply } from './reply.ts'

/** JSON or YAML only: types that a web page cannot send to another origin without asking first. */
const readable = /^(application\/json|(application|text)\/(x-)?yaml)\b/i

/** `/config`: GET gives what is in force as a declaration, POST replaces everything that is declared, or nothing. */
export function configEndpoints(controlPlane: ControlPlane): Endpoints {
  return {
    GET: () => ({ status: 200, body: { config: stringify(declarationOf(controlPlane.entities())) } }),
    POST: async (request): Promise<Reply> => {
      const { entities, errors } = validate(await readDocument(request))
      if (errors) throw refused(errors)
      await putInForce(controlPlane, entities)
      return { status: 201, body: byId(entities) }
    },
  }
}

/** What is sound in itself may still lead nowhere here: a vault reference, a certificate. */
async function putInForce({ replace }: ControlPlane, entities: Entities): Promise<void> {
  try {
    await replace(entities)
  } catch (error) {
    throw error instanceof Unservable ? refused({ error: error.message }) : error
  }
}

async function readDocument(request: AdminRequest): Promise<unknown> {
  if (!readable.test(request.contentType)) {
    throw new Refusal(415, { message: 'send the configuration as application/json or application/yaml' })
  }
  const document = parsed((await request.body()).toString('utf8'))
  const wrapped = isObject(document) && typeof document.config === 'string' && document._format_version === undefined
  return wrapped ? parsed(document.config as string) : document
}

function parsed(text: string): unknown {
  if (text.trim() === '') throw new Refusal(400, { message: 'expected a declarative configuration' })
  try {
    return parseText(text)
  } catch (error) {
    throw refused({ error: `failed parsing declarative configuration: ${(error as Error).message}` })
  }
}

function refused(fields: ErrorTree): Refusal {
  const message = `declarative config is invalid: ${luaTable(fields)}`
  return new Refusal(400, { code: 14, name: 'invalid declarative configuration', message, fields })
}

function declarationOf(entities: Entities): Record<string, unknown> {
  const filled = collectionNames.filter((name) => entities[name].length > 0)
  return {
    _format_version: '3.0',
    _transform: false,
    ...Object.fromEntries(filled.map((name) => [name, entities[name]])),
  }
}

function byId(entities: Entities): Record<string, unknown> {
  const filled = collectionNames.filter((name) => entities[name].length > 0)
  return Object.fromEntries(
    filled.map((name) => [name, Object.fromEntries(entities[name].map((one) => [one.id, one]))]),
  )
}
