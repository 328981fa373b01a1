import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { Refusal } from './reply.ts'

/** The header that Kong's own tools send: `deck --headers Kong-Admin-Token:…`. */
const HEADER = 'kong-admin-token'

/** Refuses a request without the token, after the same time whatever was sent instead of it. */
export function requireToken(token: string): (request: IncomingMessage) => void {
  const expected = digest(token)
  return ({ headers }) => {
    const given = headers[HEADER]
    if (timingSafeEqual(digest(typeof given === 'string' ? given : ''), expected)) return
    throw new Refusal(401, { message: 'Unauthorized' })
  }
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
