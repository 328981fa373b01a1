import { compilePathRegex, compileRegex } from '../../router/path-regex.ts'
import {
  headerName,
  headers,
  id,
  name,
  protocols,
  routeHost,
  routePath,
  tags,
  timestamp,
  wildcardHost,
} from '../field-types.ts'
import type { Schema } from '../schema.ts'
import { byProtocol, endpoints, methods } from './route-protocols.ts'

const withSnis = ['grpcs', 'https', 'tls', 'tls_passthrough']
const hostHeader = "cannot contain 'host' header, which must be specified in the 'hosts' attribute"

export const routes: Schema = {
  name: 'routes',
  endpoint_key: 'name',
  fields: [
    { id },
    { created_at: timestamp },
    { updated_at: timestamp },
    { name },
    {
      protocols: {
        type: 'set',
        len_min: 1,
        required: true,
        elements: { type: 'string', one_of: protocols },
        mutually_exclusive_subsets: [['http', 'https'], ['tcp', 'tls', 'udp'], ['tls_passthrough'], ['grpc', 'grpcs']],
        default: ['http', 'https'],
      },
    },
    {
      https_redirect_status_code: {
        type: 'integer',
        one_of: [426, 301, 302, 307, 308],
        default: 426,
        required: true,
      },
    },
    { strip_path: { type: 'boolean', required: true, default: true } },
    { preserve_host: { type: 'boolean', required: true, default: false } },
    { request_buffering: { type: 'boolean', required: true, default: true } },
    { response_buffering: { type: 'boolean', required: true, default: true } },
    { tags },
    { service: { type: 'foreign', reference: 'services' } },
    { snis: { type: 'set', elements: wildcardHost } },
    { sources: endpoints },
    { destinations: endpoints },
    { methods },
    { hosts: { type: 'array', elements: routeHost } },
    { paths: { type: 'array', elements: routePath } },
    {
      headers: {
        ...headers,
        keys: { ...headerName, match_none: [{ pattern: '^[Hh][Oo][Ss][Tt]$', err: hostHeader }] },
      },
    },
    { regex_priority: { type: 'integer', default: 0 } },
    { path_handling: { type: 'string', default: 'v0', one_of: ['v0', 'v1'] } },
  ],
  entity_checks: [
    {
      conditional: {
        if_field: 'protocols',
        if_match: { elements: { type: 'string', not_one_of: withSnis } },
        then_field: 'snis',
        then_match: { len_eq: 0 },
        then_err: "'snis' can only be set when 'protocols' is 'grpcs', 'https', 'tls' or 'tls_passthrough'",
      },
    },
    { custom_entity_check: { field_sources: ['paths', 'headers'], fn: routerError } },
  ],
  subschema({ protocols }) {
    const [first] = Array.isArray(protocols) ? protocols : ['http']
    return byProtocol[String(first)] ?? { error: { protocols: `unknown type: ${first ?? 'nil'}` } }
  },
}

/** Kong's router compiles regexes with another engine than its schema, and that one refuses more; nor can it match one of no values. */
function routerError(route: { paths: string[] | null; headers: Record<string, string[]> | null }): string | undefined {
  const empty = Object.entries(route.headers ?? {}).find(([, values]) => values.length === 0)
  if (empty) return `Router Expression failed validation: no values of the header '${empty[0]}'`
  try {
    for (const path of route.paths ?? []) if (path.startsWith('~')) compilePathRegex(path.slice(1))
    for (const value of Object.values(route.headers ?? {}).flat()) {
      if (value.startsWith('~*')) compileRegex(value.slice(2).toLowerCase())
    }
    return undefined
  } catch (error) {
    return `Router Expression failed validation: regex parse error: ${(error as Error).message}`
  }
}
