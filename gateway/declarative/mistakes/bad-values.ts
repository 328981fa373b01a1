import * as kinds from '../field-types.ts'
import type { Field, FieldType } from '../schema.ts'

/** A value that a field must refuse, and part of what it must say. */
export interface BadValue {
  kind: string
  value: unknown
  says: string
}

/** Everything that can be wrong with a value of this field by itself. */
export function badValuesOf(field: Field): BadValue[] {
  if (field.eq === null) return [{ kind: 'not allowed here', value: 'x', says: field.err ?? 'value must be null' }]
  return [...wrongTypes(field), ...outOfRange(field), ...malformed(field)]
}

const OTHER_TYPES: Record<FieldType, unknown[]> = {
  string: [5, true, { a: 'b' }, ['a']],
  integer: ['text', 1.5, true, [1]],
  number: ['text', true, { a: 1 }],
  boolean: ['yes', 1, 'false'],
  array: ['text', 5, { a: 'b' }],
  set: ['text', 5, { a: 'b' }],
  map: ['text', 5, ['a']],
  record: ['text', 5, ['a']],
  foreign: [5, {}],
}

const TYPE_MESSAGES: Record<FieldType, string> = {
  string: 'expected a string',
  integer: 'expected an integer',
  number: 'expected a number',
  boolean: 'expected a boolean',
  array: 'expected an array',
  set: 'expected a set',
  map: 'expected a map',
  record: 'expected a record',
  foreign: '',
}

function wrongTypes({ type }: Field): BadValue[] {
  const values = OTHER_TYPES[type].map((value) => ({ kind: 'wrong type', value, says: TYPE_MESSAGES[type] }))
  const inMap = type === 'map' ? [{ kind: 'wrong type', value: { 'X-A': 5 }, says: 'expected a' }] : []
  return [...values, ...inMap]
}

function outOfRange(field: Field): BadValue[] {
  const { between, gt, one_of, not_one_of, len_min, timestamp, err } = field
  const values: [unknown, string][] = []
  if (between) values.push([between[0] - 1, 'value should be between'], [between[1] + 1, 'value should be between'])
  if (gt !== undefined) values.push([gt, 'value must be greater than'])
  if (one_of) values.push([typeof one_of[0] === 'number' ? 4711 : `${one_of[0]}x`, 'expected one of'])
  if (not_one_of) values.push([not_one_of[0], 'must not be one of'])
  if (timestamp) values.push([-1, 'expected a valid timestamp'])
  if (len_min && field.type !== 'string') values.push([field.type === 'map' ? {} : [], 'length must be at least'])
  if (field.type === 'string' && !one_of && len_min !== 0) values.push(['', ''])
  return values.map(([value, says]) => ({ kind: 'out of range', value, says: says && (err ?? says) }))
}

function malformed(field: Field): BadValue[] {
  const values: unknown[] = []
  if (field.uuid) values.push('not-a-uuid', '0a1b2c3d-0000-4000-8000-00000000000g')
  if (field.is_regex) values.push('(', '[a', 'a**')
  if (field.match !== undefined) values.push(...(NOT_MATCHING[field.match] ?? [unknownPattern(field.match)]))
  if (field.starts_with !== undefined) values.push('no-slash')
  if (field.mutually_exclusive_subsets) values.push(['http', 'tcp'])
  for (const [kind, bad] of MALFORMED) if (kind.custom_validator === field.custom_validator) values.push(...bad)
  return values.map((value) => ({ kind: 'malformed', value, says: '' }))
}

/** By the pattern that they must not meet. */
const NOT_MATCHING: Record<string, unknown[]> = {
  '^%u+$': ['get', 'GE T', '1'],
  '^[^:]+:.*$': ['no-colon', ':no-name'],
  '^[^*&%%\\`]+$': ['/tmp/*', '/tmp/100%'],
  '^[%a_-][%a%d_-]*$': ['1SHOP', 'SHOP.X'],
  '^[a-z][a-z%d-]-[a-z%d]+$': ['Shop', '1shop', 'shop-'],
}

function unknownPattern(pattern: string): never {
  throw new Error(`no mistakes are known for the pattern ${pattern}`)
}

const OF_PATHS = ['/a//b', '/a b', '/%zz', '/%2', '/a?b', '/a#b', 'a', 'http://a.test/']

/** By the kind of the field, told by its check. */
const MALFORMED: [Field, unknown[]][] = [
  [kinds.name, ['a b', 'a/b', 'a:b', 'a"b', 'a@b']],
  [kinds.tags.elements as Field, ['a,b', 'a/b', 'a\u0007']],
  [kinds.host, ['a b', 'http://a.test', 'a..test', 'a.test:80', '300.1.1.1', 'a.test/x', 'a-.test']],
  [kinds.path, OF_PATHS],
  [kinds.routePath, ['/a//b', '/%zz', '/%2', 'a', 'http://a.test/', '/a/../b', '/a/./b', '~/(', '~/a**', '~/[b', '~a']],
  [kinds.routeHost, ['*', '*.*', 'a.*.test', '*a.test', 'a*', 'a b', 'a.test:99999', 'http://a.test']],
  [kinds.headerName, ['a b', 'a:b', 'ä']],
  [kinds.cookieName, ['a b', 'a;b', 'a=b']],
  [kinds.ipOrCidr, ['10.0.0', '10.0.0.0/33', 'a.test', '::1/129', '10.0.0.0/', '10.0.0.0-10.0.0.9']],
  [kinds.sni, ['10.0.0.1', '::1', 'a b', 'a.test:443']],
  [kinds.wildcardHost, ['a.*.test', '*.a.*', '10.0.0.1', 'a b', 'a.test:443']],
  [kinds.url, ['nonsense', 'http://', '//a.test/', '/only/a/path', 'http:a.test']],
  [kinds.certificate, ['no PEM', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----']],
  [kinds.privateKey, ['SECRET no PEM', '-----BEGIN PRIVATE KEY-----\nSECRET\n-----END PRIVATE KEY-----']],
]
