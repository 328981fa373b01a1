import { compilePathRegex, compileRegex } from '../../router/path-regex.ts'
import {
  headerName,
  headers,
  httpMethod,
  id,
  ipOrCidr,
  name,
  port,
  protocols,
  routeHost,
  routePath,
  tags,
  timestamp,
  wildcardHost,
} from '../field-types.ts'
import type { Field, RecordSchema, Schema } from '../schema.ts'

const endpoints: Field = {
  type: 'set',
  elements: {
    type: 'record',
    fields: [{ ip: ipOrCidr }, { port }],
    entity_checks: [{ at_least_one_of: ['ip', 'port'] }],
  },
}
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
    { methods: { type: 'set', elements: httpMethod } },
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
    const found = byProtocol[String(first)]
    return found ?? { error: { protocols: `unknown type: ${first}` } }
  },
}

/** Kong's router compiles regexes with another engine than its schema, and that one refuses more. */
function routerError(route: { paths: string[] | null; headers: Record<string, string[]> | null }): string | undefined {
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

const refused = (name: string, field: Field, owners: string): Record<string, Field> => ({
  [name]: { ...field, eq: null, err: `cannot set '${name}' when 'protocols' is ${owners}` },
})

/** One of `names` is needed to match by; `snis` counts where the protocol is the encrypted one of the two. */
function oneOf(names: string[], secure: string, plain: string): RecordSchema['entity_checks'] {
  return [
    {
      conditional_at_least_one_of: {
        if_field: 'protocols',
        if_match: { contains: secure },
        then_at_least_one_of: [...names, 'snis'],
        then_err: `must set one of %s when 'protocols' is '${secure}'`,
        else_match: { contains: plain },
        else_then_at_least_one_of: names,
        else_then_err: `must set one of %s when 'protocols' is '${plain}'`,
      },
    },
  ]
}

const isHttp = "'http' or 'https'"
const isGrpc = "'grpc' or 'grpcs'"
const isStream = "'tcp', 'tls', 'tls_passthrough' or 'udp'"
const methodSet: Field = { type: 'set', elements: httpMethod }
const texts: Field = { type: 'array', elements: { type: 'string' } }

const http: RecordSchema = {
  fields: [refused('sources', endpoints, isHttp), refused('destinations', endpoints, isHttp)],
  entity_checks: oneOf(['methods', 'hosts', 'headers', 'paths'], 'https', 'http'),
}

const grpc: RecordSchema = {
  fields: [
    {
      strip_path: {
        type: 'boolean',
        required: true,
        default: false,
        ne: true,
        err: `cannot set 'strip_path' when 'protocols' is ${isGrpc}`,
      },
    },
    refused('methods', methodSet, isGrpc),
    refused('sources', endpoints, isGrpc),
    refused('destinations', endpoints, isGrpc),
  ],
  entity_checks: oneOf(['hosts', 'headers', 'paths'], 'grpcs', 'grpc'),
}

const stream: RecordSchema = {
  fields: [
    refused('methods', methodSet, isStream),
    refused('hosts', texts, isStream),
    refused('paths', texts, isStream),
    refused('headers', headers, isStream),
  ],
}

const byProtocol: Record<string, RecordSchema> = {
  http,
  https: http,
  grpc,
  grpcs: grpc,
  tcp: stream,
  tls: stream,
  udp: stream,
  tls_passthrough: stream,
}
