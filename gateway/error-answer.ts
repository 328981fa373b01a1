import type { Answer, Exchange } from './exchange.ts'

/** What an error says when nobody says more, by status. */
const MESSAGES: Record<number, string> = {
  400: 'Bad request',
  401: 'Unauthorized',
  402: 'Payment required',
  403: 'Forbidden',
  404: 'Not found',
  405: 'Method not allowed',
  406: 'Not acceptable',
  407: 'Proxy authentication required',
  408: 'Request timeout',
  409: 'Conflict',
  410: 'Gone',
  411: 'Length required',
  412: 'Precondition failed',
  413: 'Payload too large',
  414: 'URI too long',
  415: 'Unsupported media type',
  416: 'Range not satisfiable',
  417: 'Expectation failed',
  418: "I'm a teapot",
  421: 'Misdirected request',
  422: 'Unprocessable entity',
  423: 'Locked',
  424: 'Failed dependency',
  425: 'Too early',
  426: 'Upgrade required',
  428: 'Precondition required',
  429: 'Too many requests',
  431: 'Request header fields too large',
  451: 'Unavailable for legal reasons',
  494: 'Request header or cookie too large',
  500: 'An unexpected error occurred',
  501: 'Not implemented',
  502: 'An invalid response was received from the upstream server',
  503: 'The upstream server is currently unavailable',
  504: 'The upstream server is timing out',
  505: 'HTTP version not supported',
  506: 'Variant also negotiates',
  507: 'Insufficient storage',
  508: 'Loop detected',
  510: 'Not extended',
  511: 'Network authentication required',
}

const html = (text: string) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`)

/** Bodies byte for byte as Kong writes them, but that the message is escaped. */
const RENDER = {
  json: (message: string, id: string) => `{\n  "message":${JSON.stringify(message)},\n  "request_id":"${id}"\n}`,
  plain: (message: string, id: string) => `${message}\nrequest_id: ${id}\n`,
  html: (message: string, id: string) =>
    `<!doctype html>\n<html>\n  <head>\n    <meta charset="utf-8">\n    <title>Error</title>\n  </head>\n  <body>\n` +
    `    <h1>Error</h1>\n    <p>${html(message)}.</p>\n    <p>request_id: ${id}</p>\n  </body>\n</html>\n`,
  xml: (message: string, id: string) =>
    `<?xml version="1.0" encoding="UTF-8"?>\n<error>\n  <message>${html(message)}</message>\n` +
    `  <requestid>${id}</requestid>\n</error>\n`,
}

export type ErrorFormat = keyof typeof RENDER

const CONTENT_TYPES: Record<ErrorFormat, string> = {
  json: 'application/json; charset=utf-8',
  plain: 'text/plain; charset=utf-8',
  html: 'text/html; charset=utf-8',
  xml: 'application/xml; charset=utf-8',
}

const FORMATS: Record<string, ErrorFormat> = {
  'application/json': 'json',
  'application/*': 'json',
  '*/*': 'json',
  'text/plain': 'plain',
  'text/*': 'plain',
  'text/html': 'html',
  'application/xml': 'xml',
}

/** One media range of an Accept header, with its weight. */
const MEDIA_RANGE =
  /^((?:[a-z0-9][\w!#$&^.+-]+|\*)\/(?:[a-z0-9][\w!#$&^.+-]+|\*))(?:\s*;\s*q=(1(?:\.0{0,3})?|0(?:\.\d{0,3})?)|\s*;[^;]*)*/i

/** The format that an Accept header (its lines joined by commas) likes best; of equals the first; JSON for what no format knows. */
export function formatFor(accept: string | undefined): ErrorFormat {
  let best: ErrorFormat = 'json'
  let weight = 0
  for (const range of accept?.split(',') ?? []) {
    const [, type, q = '1'] = MEDIA_RANGE.exec(range.trim()) ?? []
    if (type === undefined || Number(q) <= weight) continue
    weight = Number(q)
    best = FORMATS[type] ?? 'json'
  }
  return best
}

/** An error of the gateway in one format, as Kong words it. */
export function renderError(
  format: ErrorFormat,
  id: string,
  status: number,
  message = MESSAGES[status] ?? `The upstream server responded with ${status}`,
): { headers: Record<string, string>; body: string } {
  return { headers: { 'Content-Type': CONTENT_TYPES[format] }, body: RENDER[format](message, id) }
}

/** A plugin's refusal: in the format that the client accepts, JSON where it does not say. */
export function errorAnswer(
  exchange: Exchange,
  status: number,
  message?: string,
  more?: Record<string, string>,
): Answer {
  const accept = exchange.request.headers.getAll('accept')
  const format = accept.length === 0 ? 'json' : formatFor(accept.join(','))
  const { headers, body } = renderError(format, exchange.id, status, message)
  return { status, headers: { ...headers, ...more }, body }
}
