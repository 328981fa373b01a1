import type { HeaderList } from './header-list.ts'
import { HttpError } from './http-error.ts'

interface Target {
  path: string
  query: string | undefined
  host: string
  port: number | undefined
}

const BLANK = /[ \t]/
const ABSOLUTE = /^https?:\/\/([^/?#]*)(.*)$/i
/** Host with an optional port; an IPv6 address in brackets. No user information: nobody needs it, and it deceives. */
const AUTHORITY = /^(\[[0-9A-Fa-f:.]+\]|[^\s/\\:@[\]]+)(?::(\d{0,5}))?$/
const ENCODED = /%([0-9A-F]{2})/gi
const BADLY_ENCODED = /%(?:00|(?![0-9A-F]{2}))/i

/** The origin form of a request target, and the authority that it is meant for (RFC 9112 §3.2 and §3.3). */
export function parseTarget(target: string, fields: HeaderList, minor: number): Target {
  if (BLANK.test(target)) throw new HttpError(400, 'blank in the request target')
  const header = fields.get('host')
  if (header === undefined && minor > 0) throw new HttpError(400, 'no Host')
  if (target.charCodeAt(0) === 0x2f) return { ...splitQuery(target), ...authority(header) }
  const absolute = ABSOLUTE.exec(target)
  if (!absolute) throw new HttpError(400, 'invalid request target')
  const [, host = '', rest = ''] = absolute
  // RFC 9112 §3.2.2: the target's authority replaces the Host field.
  fields.set('Host', host)
  return { ...splitQuery(rest.startsWith('/') ? rest : `/${rest}`), ...authority(host) }
}

function splitQuery(target: string): { path: string; query: string | undefined } {
  const at = target.indexOf('?')
  const path = at < 0 ? target : target.slice(0, at)
  if (path.includes('%') || path.includes('..')) assertSafePath(path)
  return { path, query: at < 0 ? undefined : target.slice(at + 1) }
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

function authority(value: string | undefined): { host: string; port: number | undefined } {
  if (value === undefined) return { host: '', port: undefined }
  const found = AUTHORITY.exec(value)
  if (!found || value.includes('..')) throw new HttpError(400, 'invalid Host')
  const [, host = '', port] = found
  return { host, port: port ? Number(port) : undefined }
}
