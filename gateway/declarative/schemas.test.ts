import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect } from 'chai'
import { plugins } from '../plugins/registry.ts'
import { collections } from './collections.ts'
import { isObject } from './is-object.ts'

const directory = path.join(import.meta.dirname, '../../test/conformance/admin/schemas')

/** Where the gateway's schemas say something else than those that Kong showed in Postgres mode, and why. */
const departures: Record<string, (schema: Fields) => void> = {
  // Shown by Kong because its engine writes the default into the schema once it has checked a service.
  services: (schema) => {
    for (const field of Object.values(schema)) if (isObject(field)) delete field.len_min
  },
  // Certificates name their SNIs in a list of their own entities.
  certificates: (schema) => delete schema.snis,
  // Counted in the node or in Redis; there is no cluster behind a database.
  'plugin.rate-limiting': ({ config }) => {
    ;(config as { fields: Record<string, Fields> }).fields.policy = {
      type: 'string',
      default: 'local',
      len_min: 0,
      one_of: ['local', 'redis'],
    }
  },
}
/** Kong does not show this one, though it fills it in. */
const notShown: Record<string, string> = { keyauth_credentials: 'ttl' }

type Fields = Record<string, unknown>

describe('the schemas', () => {
  for (const file of readdirSync(directory)) {
    const name = file.replace('.json', '')
    const ours = name.startsWith('plugin.')
      ? plugins[name.slice('plugin.'.length)]?.schema
      : collections[name as 'routes']
    if (ours === undefined) continue
    it(`of ${name} has the fields, types and defaults of Kong's`, () => {
      const kong = comparable(JSON.parse(readFileSync(path.join(directory, file), 'utf8'))).fields as Fields
      departures[name]?.(kong)
      const own = comparable(JSON.parse(JSON.stringify(ours))).fields as Fields
      delete own[notShown[name] ?? '']
      expect(own).to.deep.equal(kong)
    })
  }
})

/** Lists of fields by name, because order means nothing here, and without Kong's texts. */
function comparable(value: unknown): Fields {
  return byName(value) as Fields
}

function byName(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(byName)
  if (!isObject(value)) return value
  const entries = Object.entries(value).filter(([key, inner]) => key !== 'description' || typeof inner !== 'string')
  return Object.fromEntries(
    entries.map(([key, inner]) => [key, byName(isFieldList(key, inner) ? Object.assign({}, ...inner) : inner)]),
  )
}

function isFieldList(key: string, value: unknown): value is object[] {
  return (key === 'fields' || key === 'shorthand_fields') && Array.isArray(value)
}
