import type { HeaderList } from './header-list.ts'
import { HttpError } from './http-error.ts'

interface Target {
  path: string
  query: string | undefined
  /** Of the Host field, as routes ask for it: a colon without a port stays in it. Empty where there is none. */
  host: string
  port: number | undefined
  /** The host that an absolute target names, else that of the field. */
  targetHost: string
}

const BLANK = /[ \t]/
const ABSOLUTE = /^[a-z][a-z\d+.-]*:\/\/([^/?#]*)(.*)$/i
/** Host with an optional port; an IPv6 address in brackets. No user information: nobody needs it, and it deceives. */
const AUTHORITY = /^(\[[0-9A-Fa-f:.]+\]|[^\s/\\:@[\]]+)(?::(\d{0,5}))?$/
const ENCODED = /%([0-9A-F]{2})/gi
const BADLY_ENCODED = /%(?:00|(?![0-9A-F]{2}))/i

/**
 * The origin form of a request target, and whom it is meant for, as nginx reads them. By RFC 9112 §3.2.2 the host of an absolute
 * target would count for routes: in Kong it is always that of the Host field.
 */
export function parseTarget(target: string, fields: HeaderList, minor: number): Target {
  if (BLANK.test(target)) throw new HttpError(400, 'blank in the request target')
  const header = fields.get('host')
  if (header === undefined && minor > 0) throw new HttpError(400, 'no Host')
  const { name, host, port } = authority(header)
  if (target.charCodeAt(0) === 0x2f) return { ...splitQuery(target), host, port, targetHost: name }
  const absolute = ABSOLUTE.exec(target)
  if (!absolute) throw new HttpError(400, 'invalid request target')
  const [, targetAuthority, rest = ''] = absolute
  if (!targetAuthority || rest.startsWith('#')) throw new HttpError(400, 'invalid request target')
  const origin = rest.startsWith('/') ? rest : `/${rest}`
  return { ...splitQuery(origin), host, port, targetHost: authority(targetAuthority).name }
}

/** As Kong has it, a fragment belongs to the path where it comes first, and to nothing after the query. */
function splitQuery(target: string): { path: string; query: string | undefined } {
  const at = target.indexOf('?')
  const path = at < 0 ? target : target.slice(0, at)
  if (path.includes('%') || path.includes('..')) assertSafePath(path)
  const [query, fragment] = at < 0 ? [] : target.slice(at + 1).split('#', 2)
  const isLost = path.includes('#') || (query === '' && fragment !== undefined)
  return { path, query: isLost ? undefined : query }
}

/** As nginx does, which reads a path up to its fragment. */
function assertSafePath(path: string): void {
  const [plain = ''] = path.split('#', 1)
  if (BADLY_ENCODED.test(plain)) throw new HttpError(400, 'badly encoded path')
  let depth = 0
  for (const segment of plain.replace(ENCODED, decode).split('/')) {
    if (segment === '..') depth--
    else if (segment !== '' && segment !== '.') depth++
    if (depth < 0) throw new HttpError(400, 'path above the root')
  }
}

const decode = (_triplet: string, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))

interface Authority {
  name: string
  host: string
  port: number | undefined
}

function authority(value: string | undefined): Authority {
  if (value === undefined) return { name: '', host: '', port: undefined }
  const [, name = '', port] = AUTHORITY.exec(value) ?? []
  if (name === '' || name === '.' || name.includes('..')) throw new HttpError(400, 'invalid Host')
  return { name, host: port === '' ? value : name, port: port ? Number(port) : undefined }
}
