import type { Field } from './schema.ts'

/** The fields besides `config` that Kong's plugin schemas share. */

const http = ['grpc', 'grpcs', 'http', 'https']

const protocols = (allowed: string[]): { protocols: Field } => ({
  protocols: { type: 'set', required: true, default: http, elements: { type: 'string', one_of: allowed } },
})

/** The plugin cannot be scoped to a consumer: it is what finds the consumer. */
export const noConsumer: { consumer: Field } = { consumer: { type: 'foreign', reference: 'consumers', eq: null } }

export const protocolsHttp = protocols(http)

export const protocolsAny = protocols([...http, 'tcp', 'tls', 'tls_passthrough', 'udp'])
