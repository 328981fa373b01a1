import { errorAnswer } from '../../error-answer.ts'
import { type Answer, BodyTooLarge, type Exchange } from '../../exchange.ts'
import type { Plugin } from '../../plugin.ts'
import { BYTES } from './schema.ts'

interface Config {
  allowed_payload_size: number
  size_unit: keyof typeof BYTES
  require_content_length: boolean
}

function tooLarge(exchange: Exchange): Answer {
  const expectsContinue = exchange.request.headers.get('expect')?.trim().toLowerCase() === '100-continue'
  return errorAnswer(exchange, expectsContinue ? 417 : 413, 'Request size limit exceeded')
}

/** A body that does not say how long it is has to be read to know. */
async function measure(exchange: Exchange, limit: number): Promise<Answer | undefined> {
  try {
    await exchange.request.body(limit)
    return undefined
  } catch (error) {
    if (error instanceof BodyTooLarge) return tooLarge(exchange)
    throw error
  }
}

export const handler: Plugin<Config, { limit: number; required: boolean }> = {
  name: 'request-size-limiting',
  priority: 951,

  prepare: ({ allowed_payload_size, size_unit, require_content_length }) => ({
    limit: allowed_payload_size * BYTES[size_unit],
    required: require_content_length,
  }),

  access({ limit, required }, exchange) {
    const { contentLength, headers } = exchange.request
    if (contentLength === undefined) return measure(exchange, limit)
    if (required && !headers.has('content-length'))
      return errorAnswer(exchange, 411, 'A valid Content-Length header is required')
    return contentLength > limit ? tooLarge(exchange) : undefined
  },
}
