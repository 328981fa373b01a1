import { headers, path, sni } from '../field-types.ts'
import type { Field, FieldList } from '../schema.ts'

/** Of an upstream. A count or interval of 0 turns a check off. */

const seconds: Field = { type: 'number', default: 0, between: [0, 65535] }
const count: Field = { type: 'integer', default: 0, between: [0, 255] }
const checkType: Field = { type: 'string', default: 'http', one_of: ['tcp', 'http', 'https', 'grpc', 'grpcs'] }
const statuses = (...list: number[]): Field => ({
  type: 'array',
  elements: { type: 'integer', between: [100, 999] },
  default: list,
})

/** A record whose own default repeats those of its fields, which is where `deck` looks for them. */
function record(fields: FieldList): Field {
  const defaults = fields.flatMap((entry) => Object.entries(entry)).map(([name, field]) => [name, field.default])
  return {
    type: 'record',
    required: true,
    fields,
    default: Object.fromEntries(defaults.filter(([, value]) => value !== undefined)),
  }
}

const active = record([
  { type: checkType },
  { timeout: { ...seconds, default: 1 } },
  { concurrency: { type: 'integer', default: 10, between: [1, 2_147_483_648] } },
  { http_path: { ...path, default: '/' } },
  { https_sni: { ...sni, required: false } },
  { https_verify_certificate: { type: 'boolean', required: true, default: true } },
  { headers: { ...headers, required: false } },
  { healthy: record([{ interval: seconds }, { http_statuses: statuses(200, 302) }, { successes: count }]) },
  {
    unhealthy: record([
      { interval: seconds },
      { http_statuses: statuses(429, 404, 500, 501, 502, 503, 504, 505) },
      { tcp_failures: count },
      { timeouts: count },
      { http_failures: count },
    ]),
  },
])

const passingStatuses = [
  ...[200, 201, 202, 203, 204, 205, 206, 207, 208, 226],
  ...[300, 301, 302, 303, 304, 305, 306, 307, 308],
]

const passive = record([
  { type: checkType },
  { healthy: record([{ http_statuses: statuses(...passingStatuses) }, { successes: count }]) },
  {
    unhealthy: record([
      { http_statuses: statuses(429, 500, 503) },
      { tcp_failures: count },
      { timeouts: count },
      { http_failures: count },
    ]),
  },
])

export const healthchecks: Field = {
  ...record([{ active }, { passive }]),
  fields: [{ active }, { passive }, { threshold: { type: 'number', default: 0, between: [0, 100] } }],
}
