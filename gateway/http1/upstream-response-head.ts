import { assertSafe, parseFields } from './fields.ts'
import type { HeaderList } from './header-list.ts'
import { HttpError } from './http-error.ts'

export interface UpstreamResponseHead {
  minor: number
  status: number
  fields: HeaderList
  framing: 'length' | 'chunked' | 'close'
  /** With `framing: 'length'`. */
  length: number
}

/** An upstream whose head is larger is taken for a broken one. */
export const UPSTREAM_HEAD_LIMIT = 64 * 1024

const STATUS_LINE = /^HTTP\/1\.([01]) (\d{3})(?: |\r\n)/
const DIGITS = /^\d{1,15}$/

export function parseUpstreamResponseHead(head: string): UpstreamResponseHead {
  assertSafe(head)
  const found = STATUS_LINE.exec(head)
  if (!found) throw new HttpError(502, 'malformed status line')
  const fields = parseFields(head, head.indexOf('\r\n') + 2, false)
  return { minor: Number(found[1]), status: Number(found[2]), fields, ...framing(fields) }
}

/** RFC 9112 §6.3; what could be read in two ways is refused, as nginx does. */
function framing(fields: HeaderList): { framing: UpstreamResponseHead['framing']; length: number } {
  const encoding = fields.get('transfer-encoding')
  const at = fields.keys.indexOf('content-length')
  if (encoding !== undefined) {
    if (at >= 0) throw new HttpError(502, 'both Content-Length and Transfer-Encoding')
    if (encoding.toLowerCase() !== 'chunked') throw new HttpError(502, 'unknown Transfer-Encoding')
    return { framing: 'chunked', length: 0 }
  }
  if (at < 0) return { framing: 'close', length: 0 }
  const length = fields.values[at] as string
  if (!DIGITS.test(length) || fields.keys.includes('content-length', at + 1))
    throw new HttpError(502, 'invalid Content-Length')
  return { framing: 'length', length: Number(length) }
}
