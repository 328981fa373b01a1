import winston from 'winston'
import { currentTrace } from './trace.ts'

export interface Log {
  debug(message: string, details?: Record<string, unknown>): void
  info(message: string, details?: Record<string, unknown>): void
  warn(message: string, details?: Record<string, unknown>): void
  error(message: string, details?: Record<string, unknown>): void
}

/** Fields whose values are secret or personal, wherever they stand in a log entry. */
const REDACTED = new Set(
  [
    'password newPassword currentPassword passwordHash token accessToken refreshToken mfaToken secret code backupCode',
    'authorization cookie set-cookie apikey key privateKey x-gateway-token otpauthUrl qr',
    'email name phoneNumber thaiID to from address x-user-email',
  ]
    .join(' ')
    .toLowerCase()
    .split(' '),
)
const EMAIL = /[^\s@"'<>()]+@[^\s@"'<>()]+\.[^\s@"'<>()]+/g
const MAX_DEPTH = 6

/** JSON lines on stdout, one schema for all services: time, level, service, message, requestId, traceId and details. */
export function createLog({ service, level = 'info' }: { service: string; level?: string }): Log {
  const logger = winston.createLogger({
    level,
    format: winston.format.printf((entry) => render(service, entry)),
    transports: [new winston.transports.Console({ forceConsole: false })],
  })
  // winston renders an entry first and looks at its level then
  const at = (level: keyof Log) => (message: string, details?: Record<string, unknown>) => {
    if (logger.isLevelEnabled(level)) logger.log(level, message, details)
  }
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}

function render(
  service: string,
  { level, message, ...details }: Record<string, unknown> & { level: string; message: unknown },
): string {
  const trace = currentTrace()
  const entry = { time: new Date().toISOString(), level, service, message: scrub(String(message)) }
  const ids = trace && { requestId: trace.requestId, traceId: trace.traceparent.split('-')[1] }
  return JSON.stringify({ ...(redact(details, 0) as object), ...ids, ...entry })
}

const scrub = (text: string): string => text.replace(EMAIL, '[redacted]')

function redact(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return scrub(value)
  if (typeof value !== 'object' || value === null || value instanceof Date) return value
  if (depth > MAX_DEPTH) return '[deep]'
  if (value instanceof Error) return redactError(value, depth)
  if (Array.isArray(value)) return value.map((item) => redact(item, depth + 1))
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      REDACTED.has(key.toLowerCase()) ? '[redacted]' : redact(item, depth + 1),
    ]),
  )
}

/** An error without its own properties: drivers hang statements, parameters and rows there. */
function redactError(error: Error & { code?: unknown }, depth: number): unknown {
  return {
    type: error.name,
    message: scrub(error.message),
    code: error.code,
    stack: scrub(error.stack ?? ''),
    cause: error.cause === undefined ? undefined : redact(error.cause, depth + 1),
  }
}
