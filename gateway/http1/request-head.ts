import { assertSafe, parseFields } from './fields.ts'
import { HEAD_LIMIT, LINE_LIMIT } from './head-reader.ts'
import type { HeaderList } from './header-list.ts'
import { HttpError } from './http-error.ts'
import { parseTarget } from './target.ts'

export interface RequestHead {
  method: string
  /** Exactly as sent. */
  target: string
  /** Raw path and query in origin form. */
  path: string
  query: string | undefined
  /** 0 or 1: the minor version of HTTP/1; a later one than we know counts as 1. */
  minor: number
  fields: HeaderList
  host: string
  port: number | undefined
  /** The host that the target names where it is absolute, else `host`. */
  targetHost: string
  /** Undefined when the body is chunked; 0 when there is none. */
  contentLength: number | undefined
}

const METHOD = /^[A-Z_-]+$/
const DIGITS = /^\d{1,15}$/

/** Parses a head as `HeadReader` gives it. Every way to refuse it is an HttpError with nginx's status. */
export function parseRequestHead(head: string): RequestHead {
  assertLineSizes(head)
  assertSafe(head)
  const lineEnd = head.indexOf('\r\n')
  const methodEnd = head.indexOf(' ')
  const targetEnd = head.lastIndexOf(' ', lineEnd)
  if (methodEnd < 0 || targetEnd <= methodEnd || targetEnd > lineEnd) throw new HttpError(400, 'malformed request line')
  const method = head.slice(0, methodEnd)
  if (!METHOD.test(method)) throw new HttpError(400, 'invalid method')
  const minor = minorVersion(head.slice(targetEnd + 1, lineEnd))
  const target = head.slice(methodEnd + 1, targetEnd)
  const fields = parseFields(head, lineEnd + 2, true)
  const parsed = parseTarget(target, fields, minor)
  const length = contentLength(fields, minor)
  if (method === 'TRACE' || method === 'CONNECT') throw new HttpError(405, `${method} is not allowed`)
  return { method, target, ...parsed, minor, fields, contentLength: length }
}

/** Says, before a head is complete, whether it can still become acceptable: else a client could make us gather for nothing. */
export function assertLineSizes(head: string): void {
  if (head.length <= LINE_LIMIT) return
  for (let at = 0; at < head.length; ) {
    const end = head.indexOf('\r\n', at)
    const length = (end < 0 ? head.length : end + 2) - at
    if (length > LINE_LIMIT) throw new HttpError(at === 0 ? 414 : 494, 'line too long')
    at += length
  }
  if (head.length > HEAD_LIMIT) throw new HttpError(494, 'head too large')
}

function minorVersion(version: string): number {
  if (version === 'HTTP/1.0') return 0
  if (/^HTTP\/1\.\d{1,2}$/.test(version)) return 1
  throw new HttpError(/^HTTP\/\d+\.\d+$/.test(version) ? 505 : 400, 'unsupported protocol version')
}

/** RFC 9112 §6.3, with everything refused that two parsers could read in two ways. */
function contentLength(fields: HeaderList, minor: number): number | undefined {
  const declared = fields.get('content-length')
  const encoding = fields.get('transfer-encoding')
  if (encoding !== undefined) {
    if (declared !== undefined || minor === 0) throw new HttpError(400, 'Transfer-Encoding that cannot be trusted')
    if (encoding.toLowerCase() !== 'chunked') throw new HttpError(501, 'unknown Transfer-Encoding')
    return undefined
  }
  if (declared === undefined) return 0
  if (!DIGITS.test(declared)) throw new HttpError(400, 'invalid Content-Length')
  return Number(declared)
}
