import type { ClientRequest } from '../../exchange.ts'
import { parseArguments } from '../arguments.ts'
import { fieldValue } from '../field-values.ts'

export interface Places {
  uri_param_names: string[]
  /** By `cookiePattern`. */
  cookies: readonly RegExp[]
  header_names: string[]
}

const SCHEME = /[Bb]earer\s+(.+)/

/** Every different token that a request brings, wherever it may stand; `true` is an argument without a value. */
export function findTokens({ uri_param_names, cookies, header_names }: Places, request: ClientRequest) {
  const found = new Set<string | true>()
  if (request.query && uri_param_names.length > 0) {
    const given = parseArguments(request.query)
    for (const name of uri_param_names) for (const value of given.get(name) ?? []) found.add(value)
  }
  if (cookies.length > 0) {
    const lines = request.headers.getAll('cookie')
    for (const cookie of cookies) for (const line of lines) found.add(cookie.exec(line)?.[1] ?? '')
  }
  for (const name of header_names) found.add(SCHEME.exec(fieldValue(request.headers, name) ?? '')?.[1] ?? '')
  found.delete('')
  return found
}

/** As nginx finds a cookie: in any letter case, behind a semicolon or a comma, with blanks around the `=`. */
export const cookiePattern = (name: string): RegExp =>
  new RegExp(`(?:^|[;,]) *${name.replace(/\W/g, '\\$&')} *= *([^;]*)`, 'i')
