import { completeTarget } from '../../balancer/target.ts'
import { parseAddress } from '../checks/address.ts'
import { cookieName, headerName, hostWithOptionalPort, id, path, tags, timestamp } from '../field-types.ts'
import type { Check, Conditional, EntityCheck, Field, Schema } from '../schema.ts'
import { healthchecks } from './healthchecks.ts'

const keys = ['none', 'consumer', 'ip', 'header', 'cookie', 'path', 'query_arg', 'uri_capture']
const hashOn: Field = { type: 'string', one_of: keys, default: 'none' }
const parameter: Field = { type: 'string', len_min: 1 }

const when = (
  if_field: string,
  key: string,
  then_field: string,
  then_match: Conditional['then_match'],
): EntityCheck => ({
  conditional: { if_field, if_match: { match: `^${key}$` }, then_field, then_match },
})
const needs = (if_field: string, key: string, then_field: string): EntityCheck =>
  when(if_field, key, then_field, { required: true })
const fallback = (key: string, one_of: string[]): EntityCheck => when('hash_on', key, 'hash_fallback', { one_of })
/** The fallback must be something else than what was there in the first place. */
const otherThan = (key: string): EntityCheck =>
  fallback(
    key,
    keys.filter((other) => other !== key),
  )

export const upstreams: Schema = {
  name: 'upstreams',
  endpoint_key: 'name',
  fields: [
    { id },
    { created_at: timestamp },
    { name: { type: 'string', required: true, unique: true, custom_validator: upstreamNameError as Check<string> } },
    { updated_at: timestamp },
    {
      algorithm: {
        type: 'string',
        default: 'round-robin',
        one_of: ['consistent-hashing', 'least-connections', 'round-robin', 'latency'],
      },
    },
    { hash_on: hashOn },
    { hash_fallback: hashOn },
    { hash_on_header: headerName },
    { hash_fallback_header: headerName },
    { hash_on_cookie: cookieName },
    { hash_on_cookie_path: { ...path, default: '/' } },
    { hash_on_query_arg: parameter },
    { hash_fallback_query_arg: parameter },
    { hash_on_uri_capture: parameter },
    { hash_fallback_uri_capture: parameter },
    { slots: { type: 'integer', default: 10000, between: [10, 65536] } },
    { healthchecks },
    { tags },
    { host_header: hostWithOptionalPort },
    { client_certificate: { type: 'foreign', reference: 'certificates' } },
    { use_srv_name: { type: 'boolean', default: false } },
  ],
  // One decides the other: who names what to hash by need not name the algorithm, and some algorithms hash nothing.
  shorthand_fields: [
    { algorithm: { type: 'string', func: (value: string | null) => byAlgorithm(value) } },
    { hash_on: { type: 'string', func: (value: string | null) => byHashOn(value) } },
  ],
  entity_checks: [
    needs('hash_on', 'header', 'hash_on_header'),
    needs('hash_fallback', 'header', 'hash_fallback_header'),
    needs('hash_on', 'cookie', 'hash_on_cookie'),
    needs('hash_fallback', 'cookie', 'hash_on_cookie'),
    fallback('none', ['none']),
    fallback('cookie', ['none']),
    otherThan('consumer'),
    otherThan('ip'),
    otherThan('path'),
    { distinct: ['hash_on_header', 'hash_fallback_header'] },
    needs('hash_on', 'query_arg', 'hash_on_query_arg'),
    needs('hash_fallback', 'query_arg', 'hash_fallback_query_arg'),
    { distinct: ['hash_on_query_arg', 'hash_fallback_query_arg'] },
    needs('hash_on', 'uri_capture', 'hash_on_uri_capture'),
    needs('hash_fallback', 'uri_capture', 'hash_fallback_uri_capture'),
    { distinct: ['hash_on_uri_capture', 'hash_fallback_uri_capture'] },
  ],
}

export const targets: Schema = {
  name: 'targets',
  endpoint_key: 'target',
  cache_key: ['upstream', 'target'],
  fields: [
    { id },
    { created_at: { ...timestamp, type: 'number' } },
    { updated_at: { ...timestamp, type: 'number' } },
    { upstream: { type: 'foreign', reference: 'upstreams', required: true, on_delete: 'cascade' } },
    { target: { type: 'string', required: true, custom_validator: targetError as Check<string> } },
    { weight: { type: 'integer', default: 100, between: [0, 65535] } },
    { tags },
  ],
  transform: ({ target }) => ({ target: completeTarget(target as string) }),
}

function byAlgorithm(algorithm: string | null): Record<string, unknown> {
  return algorithm === 'least-connections' || algorithm === 'latency' ? { algorithm, hash_on: null } : { algorithm }
}

function byHashOn(hash_on: string | null): Record<string, unknown> {
  if (hash_on === null) return { hash_on: 'none' }
  return hash_on === 'none' ? { hash_on } : { hash_on, algorithm: 'consistent-hashing' }
}

function upstreamNameError(name: string): string | undefined {
  const address = parseAddress(name)
  if ('error' in address) return `Invalid name ('${name}'); must be a valid hostname`
  if (address.type !== 'name') return `Invalid name ('${name}'); no ip addresses allowed`
  return address.port === undefined ? undefined : `Invalid name ('${name}'); no port allowed`
}

function targetError(target: string): string | undefined {
  if (!('error' in parseAddress(target))) return undefined
  return `Invalid target ('${target}'); not a valid hostname or ip address`
}
