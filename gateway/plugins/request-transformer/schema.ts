import { protocolsAny } from '../../declarative/plugin-fields.ts'
import type { Field, PluginSchema } from '../../declarative/schema.ts'
import { config, headerPair, list, namesHeader, pair } from '../fields.ts'
import { parsePairs } from '../pairs.ts'
import { compileTemplate } from './template.ts'

function templateError(text: string): string | undefined {
  try {
    compileTemplate(text)
    return undefined
  } catch (error) {
    return `value '${text}' is not in supported format, error:${(error as Error).message}`
  }
}

function withValue(text: string): string | undefined {
  const [{ name, value } = { name: text, value: undefined }] = parsePairs([text])
  return value === undefined ? `key '${name}' has no value` : templateError(value)
}

const valued = list({ type: 'string', custom_validator: withValue })
const headerValues = list({ ...pair, custom_validator: namesHeader })
const names: Field = { type: 'string' }

const record = (body: Field, headers: Field, querystring: Field, more: Record<string, Field>[] = []): Field => ({
  type: 'record',
  required: true,
  fields: [{ body }, { headers }, { querystring }, ...more],
})

export const schema: PluginSchema = {
  name: 'request-transformer',
  fields: [
    protocolsAny,
    config([
      { http_method: { type: 'string', match: '^%u+$' } },
      { remove: record(list(names), list({ type: 'string', custom_validator: namesHeader }), list(names)) },
      { rename: record(valued, list(headerPair), valued) },
      { replace: record(valued, headerValues, valued, [{ uri: { type: 'string' } }]) },
      { add: record(valued, headerValues, valued) },
      { append: record(valued, headerValues, valued) },
    ]),
  ],
}
