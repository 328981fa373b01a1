import type { RequestHead } from './request-head.ts'

/** Whether the client wants to keep the connection for another request (RFC 9112 §9.3). */
export function wantsKeepAlive({ minor, fields }: RequestHead): boolean {
  const connection = fields.get('connection')?.toLowerCase()
  if (connection === undefined) return minor === 1
  const options = connection.split(',').map((option) => option.trim())
  return !options.includes('close') && (minor === 1 || options.includes('keep-alive'))
}
