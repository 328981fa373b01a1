import type { IncomingMessage } from 'node:http'
import type { Middleware } from 'koa'
import { HttpError, invalidInput } from '../errors.ts'

const MAX_BYTES = 64 * 1024
const NUL = '\0'
/** The only way for a NUL into valid JSON (RFC 8259 §7). Looking for it costs far less than a visit to every value. */
const ESCAPED_NUL = String.raw`\u0000`
const utf8 = new TextDecoder('utf-8', { fatal: true })

/** Reads a JSON body into `ctx.request.body`, and its bytes into `ctx.request.rawBody`; both stay undefined where there is none. */
export async function jsonBody(ctx: Parameters<Middleware>[0], next: () => Promise<unknown>): Promise<unknown> {
  const bytes = await read(ctx.req, ctx.request.length)
  if (bytes.length === 0) return next()
  if (!ctx.is('application/json')) {
    throw new HttpError(415, 'UNSUPPORTED_MEDIA_TYPE', 'Content-Type must be application/json')
  }
  ctx.request.rawBody = bytes
  ctx.request.body = parse(bytes)
  return next()
}

async function read(req: IncomingMessage, declared: number | undefined): Promise<Buffer> {
  if (declared !== undefined && declared > MAX_BYTES) throw tooLarge()
  const pieces: Buffer[] = []
  let length = 0
  try {
    for await (const piece of req as AsyncIterable<Buffer>) {
      length += piece.length
      if (length > MAX_BYTES) throw tooLarge()
      pieces.push(piece)
    }
  } catch (error) {
    if (error instanceof HttpError) throw error
    // Its code is ECONNRESET: else this would pass for a dependency that is away.
    throw new HttpError(400, 'INCOMPLETE_BODY', 'The body ended early', { cause: error })
  }
  return Buffer.concat(pieces)
}

const tooLarge = () =>
  new HttpError(413, 'PAYLOAD_TOO_LARGE', `The body may have ${MAX_BYTES} bytes at most`, {
    headers: { Connection: 'close' },
  })

function parse(bytes: Buffer): unknown {
  try {
    const text = utf8.decode(bytes)
    return text.includes(ESCAPED_NUL) ? JSON.parse(text, refuseNul) : JSON.parse(text)
  } catch (error) {
    if (error instanceof HttpError) throw error
    throw new HttpError(400, 'INVALID_JSON', 'The body is not valid JSON', { cause: error })
  }
}

/** PostgreSQL's text cannot hold U+0000, and nobody's name does. */
function refuseNul(key: string, value: unknown): unknown {
  if (key.includes(NUL) || (typeof value === 'string' && value.includes(NUL))) {
    throw invalidInput([{ field: key.replaceAll(NUL, '') || 'body', message: 'must not contain a NUL character' }])
  }
  return value
}

declare module 'koa' {
  interface Request {
    body?: unknown
    rawBody?: Buffer
  }
}
