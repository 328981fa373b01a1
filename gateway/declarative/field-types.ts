import { hostError, hostWithOptionalPortError, isIpOrCidr, parseAddress } from './checks/address.ts'
import { certificateError, privateKeyError } from './checks/certificate.ts'
import { pathError, routePathError } from './checks/path.ts'
import { headerNameError, nameError, tagError, tokenError, urlError } from './checks/text.ts'
import type { Check, Field } from './schema.ts'

/** Kinds of fields that many schemas share. */

export const id: Field = { type: 'string', uuid: true, auto: true }
export const timestamp: Field = { type: 'integer', timestamp: true, auto: true }
export const tags: Field = { type: 'set', elements: { type: 'string', required: true, custom_validator: tagError } }
export const name: Field = { type: 'string', unique: true, custom_validator: nameError }
export const port: Field = { type: 'integer', between: [0, 65535] }
/** Milliseconds. */
export const timeout: Field = { type: 'integer', between: [0, 2_147_483_646] }
export const host: Field = { type: 'string', custom_validator: ((value) => hostError(value)) as Check<string> }
export const hostWithOptionalPort: Field = {
  type: 'string',
  custom_validator: hostWithOptionalPortError as Check<string>,
}
export const url: Field = { type: 'string', custom_validator: urlError }
export const headerName: Field = { type: 'string', custom_validator: headerNameError }
export const cookieName: Field = { type: 'string', custom_validator: tokenError }
export const certificate: Field = { type: 'string', custom_validator: certificateError }
export const privateKey: Field = { type: 'string', custom_validator: privateKeyError }
export const httpMethod: Field = { type: 'string', match: '^%u+$' }

const noEmptySegments = [{ pattern: '//', err: 'must not have empty segments' }]

export const path: Field = {
  type: 'string',
  starts_with: '/',
  match_none: noEmptySegments,
  custom_validator: pathError,
}

export const routePath: Field = {
  type: 'string',
  match_any: { patterns: ['^/', '^~/'], err: 'should start with: / (fixed path) or ~/ (regex path)' },
  match_none: noEmptySegments,
  custom_validator: routePathError,
}

export const routeHost: Field = {
  type: 'string',
  match_all: [{ pattern: '^[^*]*%*?[^*]*$', err: 'invalid wildcard: must have at most one wildcard' }],
  match_any: {
    patterns: ['^%*%.', '%.%*$', '^[^*]*$'],
    err: 'invalid wildcard: must be placed at leftmost or rightmost label',
  },
  custom_validator: ((value) => hostWithOptionalPortError(value.replaceAll('*', 'abc'))) as Check<string>,
}

export const ipOrCidr: Field = {
  type: 'string',
  custom_validator: ((value) =>
    isIpOrCidr(value) ? undefined : `invalid ip or cidr range: '${value}'`) as Check<string>,
}

export const sni: Field = { type: 'string', custom_validator: sniError as Check<string> }

/** A TLS server name, which may begin or end with `*`. */
export const wildcardHost: Field = { type: 'string', custom_validator: wildcardHostError as Check<string> }

export const headers: Field = { type: 'map', keys: headerName, values: { type: 'array', elements: { type: 'string' } } }

export const protocols = ['grpc', 'grpcs', 'http', 'https', 'tcp', 'tls', 'tls_passthrough', 'udp']

function sniError(value: string, original: string = value): string | undefined {
  const address = parseAddress(value)
  if (!('error' in address) && address.type !== 'name') return 'must not be an IP'
  return hostError(value, original)
}

function wildcardHostError(value: string): string | undefined {
  const at = value.indexOf('*')
  if (at < 0) return sniError(value)
  if (at !== 0 && at !== value.length - 1) return 'wildcard must be leftmost or rightmost character'
  if (value.indexOf('*', at + 1) >= 0) return 'only one wildcard must be specified'
  return sniError(value.replace('*', 'wildcard'), value)
}
