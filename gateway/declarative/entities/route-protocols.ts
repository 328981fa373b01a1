import { headers, httpMethod, ipOrCidr, port } from '../field-types.ts'
import type { EntityCheck, Field, RecordSchema } from '../schema.ts'

/** What a route may and must ask for depends on its protocols. */

export const methods: Field = { type: 'set', elements: httpMethod }
/** Of sources and destinations. */
export const endpoints: Field = {
  type: 'set',
  elements: {
    type: 'record',
    fields: [{ ip: ipOrCidr }, { port }],
    entity_checks: [{ at_least_one_of: ['ip', 'port'] }],
  },
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

function needed(protocols: string[], names: string[], what: string): EntityCheck {
  return {
    conditional_at_least_one_of: {
      if_field: 'protocols',
      if_match: { elements: { type: 'string', one_of: protocols } },
      then_at_least_one_of: names,
      then_err: `must set ${what}`,
    },
  }
}

const isHttp = "'http' or 'https'"
const isGrpc = "'grpc' or 'grpcs'"
const isStream = "'tcp', 'tls', 'tls_passthrough' or 'udp'"
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
    refused('methods', methods, isGrpc),
    refused('sources', endpoints, isGrpc),
    refused('destinations', endpoints, isGrpc),
  ],
  entity_checks: oneOf(['hosts', 'headers', 'paths'], 'grpcs', 'grpc'),
}

const stream: RecordSchema = {
  fields: [
    refused('methods', methods, isStream),
    refused('hosts', texts, isStream),
    refused('paths', texts, isStream),
    refused('headers', headers, isStream),
  ],
  entity_checks: [
    needed(
      ['tcp', 'tls', 'udp'],
      ['sources', 'destinations', 'snis'],
      "one of %s when 'protocols' is 'tcp', 'tls' or 'udp'",
    ),
    needed(['tls_passthrough'], ['snis'], "snis when 'protocols' is 'tls_passthrough'"),
  ],
}

/** By the first of a route's protocols, as Kong looks it up. */
export const byProtocol: Record<string, RecordSchema> = {
  http,
  https: http,
  grpc,
  grpcs: grpc,
  tcp: stream,
  tls: stream,
  udp: stream,
  tls_passthrough: stream,
}
