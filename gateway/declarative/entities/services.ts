import { host, id, name, path, port, protocols, tags, timestamp } from '../field-types.ts'
import type { Conditional, EntityCheck, Field, Schema } from '../schema.ts'
import { expandUrl } from './service-url.ts'

const timeout: Field = { type: 'integer', default: 60000, between: [1, 2_147_483_646] }
const notTls = { not_one_of: ['https', 'tls'] }
const mustBeNull = (if_match: Conditional['if_match'], then_field: string): EntityCheck => ({
  conditional: { if_field: 'protocol', if_match, then_field, then_match: { eq: null } },
})

export const services: Schema = {
  name: 'services',
  endpoint_key: 'name',
  fields: [
    { id },
    { created_at: timestamp },
    { updated_at: timestamp },
    { name },
    { retries: { type: 'integer', default: 5, between: [0, 32767] } },
    { protocol: { type: 'string', required: true, one_of: protocols, default: 'http' } },
    { host: { ...host, required: true } },
    { port: { ...port, required: true, default: 80 } },
    { path },
    { connect_timeout: timeout },
    { write_timeout: timeout },
    { read_timeout: timeout },
    { tags },
    { client_certificate: { type: 'foreign', reference: 'certificates' } },
    { tls_verify: { type: 'boolean' } },
    { tls_verify_depth: { type: 'integer', default: null, between: [0, 64] } },
    { ca_certificates: { type: 'array', elements: { type: 'string', uuid: true } } },
    { enabled: { type: 'boolean', required: true, default: true } },
  ],
  shorthand_fields: [{ url: { type: 'string', func: expandUrl } }],
  entity_checks: [
    mustBeNull({ one_of: ['tcp', 'tls', 'udp', 'grpc', 'grpcs'] }, 'path'),
    mustBeNull(notTls, 'client_certificate'),
    mustBeNull(notTls, 'tls_verify'),
    mustBeNull(notTls, 'tls_verify_depth'),
    mustBeNull(notTls, 'ca_certificates'),
  ],
}
