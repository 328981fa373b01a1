import type { ClientRequest } from '../../exchange.ts'
import { parseArguments } from '../arguments.ts'

export interface Places {
  uri_param_names: string[]
  cookie_names: string[]
  header_names: string[]
}

const SCHEME = /[Bb]earer\s+(.+)/

/** Every different token that a request brings, wherever it may stand; `true` is an argument without a value. */
export function findTokens({ uri_param_names, cookie_names, header_names }: Places, request: ClientRequest) {
  const found = new Set<string | true>()
  if (request.query && uri_param_names.length > 0) {
    const given = parseArguments(request.query)
    for (const name of uri_param_names) for (const value of given.get(name) ?? []) found.add(value)
  }
  for (const name of cookie_names) found.add(cookie(request, name) ?? '')
  for (const name of header_names) found.add(SCHEME.exec(request.headers.get(name.toLowerCase()) ?? '')?.[1] ?? '')
  found.delete('')
  return found
}

/** Names of cookies are found in any letter case, as nginx finds them. */
function cookie({ headers }: ClientRequest, name: string): string | undefined {
  const start = `${name.toLowerCase()}=`
  for (const line of headers.getAll('cookie'))
    for (const pair of line.split(';')) {
      const trimmed = pair.trim()
      if (trimmed.toLowerCase().startsWith(start)) return trimmed.slice(start.length)
    }
  return undefined
}
