import type { HeaderList } from './header-list.ts'
import type { RequestHead } from './request-head.ts'

/** The options of the connection, on however many lines they came. */
export function connectionOf(fields: HeaderList): string | undefined {
  const lines = fields.getAll('connection')
  return lines.length > 0 ? lines.join(',') : undefined
}

/** Whether the client wants to keep the connection for another request (RFC 9112 §9.3). */
export function wantsKeepAlive({ minor, fields }: RequestHead): boolean {
  const connection = connectionOf(fields)?.toLowerCase()
  if (connection === undefined) return minor === 1
  const options = connection.split(',').map((option) => option.trim())
  return !options.includes('close') && (minor === 1 || options.includes('keep-alive'))
}
