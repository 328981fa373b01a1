import { noConsumer, protocolsHttp } from '../../declarative/plugin-fields.ts'
import type { PluginSchema } from '../../declarative/schema.ts'
import { config, flag } from '../fields.ts'
import { compilePcre } from '../pcre.ts'

export const METHODS = ['GET', 'HEAD', 'PUT', 'PATCH', 'POST', 'DELETE', 'OPTIONS', 'TRACE', 'CONNECT']

function originOrRegex(value: string): string | undefined {
  if (value === '*') return undefined
  try {
    compilePcre(value)
    return undefined
  } catch {
    return `'${value}' is not a valid regex`
  }
}

export const schema: PluginSchema = {
  name: 'cors',
  fields: [
    noConsumer,
    protocolsHttp,
    config([
      { origins: { type: 'array', elements: { type: 'string', custom_validator: originOrRegex } } },
      { headers: { type: 'array', elements: { type: 'string' } } },
      { exposed_headers: { type: 'array', elements: { type: 'string' } } },
      { methods: { type: 'array', default: METHODS, elements: { type: 'string', one_of: METHODS } } },
      { max_age: { type: 'number' } },
      { credentials: flag(false) },
      { private_network: flag(false) },
      { preflight_continue: flag(false) },
    ]),
  ],
}
