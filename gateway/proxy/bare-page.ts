import { STATUS_CODES } from 'node:http'

/** Statuses whose empty answers Kong replaces by an error of its own (its `error_page` directives). */
const KONG_ERRORS = new Set([400, 404, 405, 408, 411, 412, 413, 414, 417, 494, 500, 502, 503, 504])
/** Statuses for which nginx has a page. */
const PAGES = new Set([
  301, 302, 303, 307, 308, 401, 402, 403, 406, 409, 410, 415, 416, 421, 429, 495, 496, 497, 501, 505, 507,
])
/** Where nginx words a status in its own way. */
const TITLES: Record<number, string> = {
  302: '302 Found',
  401: '401 Authorization Required',
  503: '503 Service Temporarily Unavailable',
}

export function hasErrorPage(status: number): boolean {
  return KONG_ERRORS.has(status)
}

/** nginx's page for a status that nobody has given a body. */
export function barePage(status: number): string | undefined {
  if (!PAGES.has(status)) return undefined
  const title = TITLES[status] ?? `${status} ${STATUS_CODES[status]}`
  return errorPage(title, [`<h1>${title}</h1>`])
}

/** In nginx's form: each line in the middle. */
export function errorPage(title: string, lines: string[]): string {
  const body = lines.map((line) => `<center>${line}</center>\r\n`).join('')
  return `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n${body}</body>\r\n</html>\r\n`
}
