import { protocolsAny } from '../../declarative/plugin-fields.ts'
import type { Field, PluginSchema } from '../../declarative/schema.ts'
import { config, flag } from '../fields.ts'

const shown: Field = { type: 'boolean', default: true }
const names: Field = { type: 'array', elements: { type: 'string' } }

/** Kong's memory by name. Here there is one cache, whatever it is called. */
const DICTIONARIES = new Set(
  ['', '_locks', '_healthchecks', '_cluster_events', '_rate_limiting_counters', '_secrets']
    .concat('_core_db_cache', '_core_db_cache_miss', '_db_cache', '_db_cache_miss')
    .map((name) => `kong${name}`)
    .concat('prometheus_metrics'),
)

function unknownDictionary({ config: { memory } }: { config: { memory: { dictionary_name: string } } }) {
  const { dictionary_name: name } = memory
  return DICTIONARIES.has(name) ? undefined : `missing shared dict '${name}'`
}

export const schema: PluginSchema = {
  name: 'proxy-cache',
  fields: [
    protocolsAny,
    config([
      {
        response_code: {
          type: 'array',
          required: true,
          default: [200, 301, 404],
          elements: { type: 'integer', between: [100, 900] },
          len_min: 1,
        },
      },
      {
        request_method: {
          type: 'array',
          required: true,
          default: ['GET', 'HEAD'],
          elements: { type: 'string', one_of: ['HEAD', 'GET', 'POST', 'PATCH', 'PUT'] },
        },
      },
      {
        content_type: {
          type: 'array',
          required: true,
          default: ['text/plain', 'application/json'],
          elements: { type: 'string' },
        },
      },
      { cache_ttl: { type: 'integer', default: 300, gt: 0 } },
      { strategy: { type: 'string', required: true, one_of: ['memory'] } },
      { cache_control: flag(false) },
      { ignore_uri_case: { type: 'boolean', required: false, default: false } },
      { storage_ttl: { type: 'integer' } },
      {
        memory: {
          type: 'record',
          required: true,
          fields: [{ dictionary_name: { type: 'string', required: true, default: 'kong_db_cache' } }],
        },
      },
      { vary_query_params: names },
      { vary_headers: names },
      {
        response_headers: {
          type: 'record',
          required: true,
          fields: [{ age: shown }, { 'X-Cache-Status': shown }, { 'X-Cache-Key': shown }],
        },
      },
    ]),
  ],
  entity_checks: [{ custom_entity_check: { field_sources: ['config'], fn: unknownDictionary } }],
}
