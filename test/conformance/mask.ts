import type { Seen } from './echo-upstreams.ts'
import type { Received } from './exchange.ts'
import type { Headers } from './headers.ts'

/** Takes out of an observation what differs from run to run, exactly as it was taken out of the recordings. */

const ignoredInAnswers = new Set([
  'date',
  'connection',
  'keep-alive',
  'content-length',
  'transfer-encoding',
  'proxy-connection',
])
const ignoredUpstream = new Set(['connection', 'keep-alive', 'content-length', 'transfer-encoding'])
const maskedHeaders: [name: RegExp, value: RegExp, mask: string][] = [
  [/^x-kong-(proxy|upstream|response|admin|total|third-party|client)-latency$/, /^\d+$/, '<ms>'],
  [/^(x-)?ratelimit-reset$|^retry-after$|^age$/, /^\d+$/, '<seconds>'],
  [/^x-cache-key$/, /^[0-9a-f]{32,}$/, '<hash>'],
]
const maskedFields: Record<string, string> = {
  created_at: '<time>',
  updated_at: '<time>',
  worker_pid: '<pid>',
  hostname: '<hostname>',
}

export function maskedExchange(
  sentBody: string | undefined,
  answer: Received,
  seen: Seen[],
  proxyPort: number,
): unknown {
  return {
    status: answer.status,
    headers: maskHeaders(answer.headers, ignoredInAnswers, proxyPort),
    body: maskBody(answer.body, seen, proxyPort),
    upstream: seen.map(({ headers, body, ...rest }) => ({
      ...rest,
      headers: maskHeaders(headers, ignoredUpstream, proxyPort),
      body: rewritten(body, sentBody),
    })),
  }
}

/** A body that was passed on is compared byte for byte; one that was rewritten as JSON is compared by its value. */
function rewritten(body: string, sent: string | undefined): unknown {
  const value = body === sent ? undefined : parsedJson(body)
  return typeof value === 'object' && value !== null ? { json: value } : body
}

function maskHeaders(headers: Headers, ignored: Set<string>, proxyPort: number): Headers {
  const kept = Object.entries(headers).filter(([name]) => !ignored.has(name))
  return Object.fromEntries(kept.sort().map(([name, value]) => [name, maskHeader(name, value, proxyPort)]))
}

function maskHeader(name: string, value: string | string[], proxyPort: number): string | string[] {
  if (Array.isArray(value)) return value.map(maskText)
  const mask = maskedHeaders.find(([names, values]) => names.test(name) && values.test(value))
  if (mask) return mask[2]
  if (name === 'x-forwarded-port' && value === String(proxyPort)) return '$PORT'
  // Kong promises no order of groups.
  if (name === 'x-consumer-groups') return value.split(', ').sort().join(', ')
  return maskText(value)
}

function maskText(text: string): string {
  return text
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi, '<uuid>')
    .replace(/<uuid>#\d+/g, '<uuid>#<n>')
    .replace(/\b\d+(\.\d+){3}-\d+-\d+-\d+-\d+-\d+\.\d{3}\b/g, '<tracker>')
    .replace(/\b[0-9a-f]{32}\b/g, '<id>')
    .replace(/\b(kong|jade-gateway)\/\d+(\.\d+)+/g, 'kong/<version>')
}

function maskBody(body: string, seen: Seen[], proxyPort: number): unknown {
  const parsed = parsedJson(body)
  if (typeof parsed !== 'object' || parsed === null) return maskText(body)
  if ('server' in parsed && 'url' in parsed && 'headers' in parsed) return echoed(body, seen)
  return JSON.parse(
    JSON.stringify(parsed, (key, value) => {
      if (Object.hasOwn(maskedFields, key) && ['string', 'number'].includes(typeof value)) return maskedFields[key]
      if (key === 'port' && value === proxyPort) return '$PORT'
      return typeof value === 'string' ? maskText(value) : value
    }),
  )
}

function echoed(body: string, seen: Seen[]): string {
  if (seen.length === 0) return '<an earlier echo>'
  return seen.some((record) => JSON.stringify(record) === body) ? '<echo>' : '<an altered echo>'
}

export function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
