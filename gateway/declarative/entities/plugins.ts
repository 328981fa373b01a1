import { plugins as registry } from '../../plugins/registry.ts'
import { id, name, tags, timestamp } from '../field-types.ts'
import { protocolsAny } from '../plugin-fields.ts'
import type { Field, Schema } from '../schema.ts'

const scope = (reference: string): Field => ({ type: 'foreign', reference, default: null, on_delete: 'cascade' })

export const plugins: Schema = {
  name: 'plugins',
  endpoint_key: 'instance_name',
  cache_key: ['name', 'route', 'service', 'consumer'],
  fields: [
    { id },
    { name: { type: 'string', required: true } },
    { instance_name: name },
    { created_at: timestamp },
    { updated_at: timestamp },
    { route: scope('routes') },
    { service: scope('services') },
    { consumer: scope('consumers') },
    { config: { type: 'record', abstract: true } },
    protocolsAny,
    { enabled: { type: 'boolean', required: true, default: true } },
    { tags },
  ],
  subschema({ name }) {
    if (name === undefined || name === null) return { error: { name: 'required field missing' } }
    if (typeof name === 'string' && Object.hasOwn(registry, name)) return (registry[name] as { schema: Schema }).schema
    return { error: { name: `plugin '${name}' not enabled; add it to the 'plugins' configuration property` } }
  },
}
