import { HeaderList } from './header-list.ts'
import { HttpError } from './http-error.ts'

/** What is known of a field name, worked out once a spelling. */
interface FieldName {
  key: string
  /** nginx passes on only names of letters, digits, `-` and `_` (`ignore_invalid_headers`); other tokens vanish from requests. */
  plain: boolean
  /** One bit for each field that a request may carry once only; 0 for all others. */
  once: number
}

/** nginx answers 400 when one of these is repeated. */
const ONCE = [
  'host',
  'content-length',
  'transfer-encoding',
  'authorization',
  'expect',
  'if-modified-since',
  'if-unmodified-since',
  'if-match',
  'if-none-match',
  'if-range',
  'content-range',
]
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/
const PLAIN = /^[0-9A-Za-z_-]+$/
/** Control characters, and CR or LF that is not part of a CRLF: RFC 9110 §5.5, RFC 9112 §2.2. */
const FORBIDDEN = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f]|\r(?!\n)|(?<!\r)\n/
const REMEMBERED_NAMES = 1024
const SPACE = 0x20
const TAB = 0x09

const remembered = new Map<string, FieldName>()

function fieldName(name: string): FieldName {
  const known = remembered.get(name)
  if (known) return known
  if (!TOKEN.test(name)) throw new HttpError(400, 'invalid field name')
  const key = name.toLowerCase()
  const at = ONCE.indexOf(key)
  const described = { key, plain: PLAIN.test(name), once: at < 0 ? 0 : 1 << at }
  if (remembered.size < REMEMBERED_NAMES) remembered.set(name, described)
  return described
}

/** Refuses a head with characters that could make two readers see different messages. */
export function assertSafe(head: string): void {
  if (FORBIDDEN.test(head)) throw new HttpError(400, 'control character or bare line break')
}

/** The field lines of a head from `from` on; every line, the last one too, ends with CRLF. `strict` applies nginx's rules for requests. */
export function parseFields(head: string, from: number, strict: boolean): HeaderList {
  const fields = new HeaderList()
  let seen = 0
  for (let at = from; at < head.length; ) {
    const end = head.indexOf('\r\n', at)
    const colon = head.indexOf(':', at)
    if (colon < 0 || colon > end) throw new HttpError(400, 'field line without a colon')
    const name = head.slice(at, colon)
    const { key, plain, once } = fieldName(name)
    if (strict && (seen & once) !== 0) throw new HttpError(400, `repeated ${key}`)
    seen |= once
    if (plain || !strict) fields.add(key, name, trimmed(head, colon + 1, end))
    at = end + 2
  }
  return fields
}

function trimmed(text: string, from: number, to: number): string {
  let start = from
  let end = to
  while (start < end && isBlank(text.charCodeAt(start))) start++
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--
  return text.slice(start, end)
}

function isBlank(code: number): boolean {
  return code === SPACE || code === TAB
}
