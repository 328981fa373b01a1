import { Agent, type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps, Agent as SecureAgent } from 'node:https'

/** Sends bodies to one address over connections that stay open. Times are in milliseconds. */
export interface Poster {
  /** Rejects unless the answer's status is below 300. */
  post(body: string): Promise<void>
}

interface PosterOptions {
  url: string
  method: string
  headers: Record<string, string>
  /** Without anything from the other side. */
  timeout: number
  /** For an idle connection. */
  keepalive: number
}

export function createPoster({ url, method, headers, timeout, keepalive }: PosterOptions): Poster {
  const secure = url.startsWith('https:')
  const options = { keepAlive: true, keepAliveMsecs: keepalive, timeout: keepalive }
  // As Kong: there is no field that says whom to trust, and collectors mostly have certificates of their own making.
  const agent = secure ? new SecureAgent({ ...options, rejectUnauthorized: false }) : new Agent(options)
  const open = secure ? requestHttps : requestHttp

  return {
    async post(body) {
      const { promise, resolve, reject } = Promise.withResolvers<{ status: number; body: string }>()
      const length = { 'Content-Length': Buffer.byteLength(body) }
      const request = open(url, { method, agent, timeout, headers: { ...headers, ...length } }, (response) => {
        const status = response.statusCode ?? 0
        beginningOf(response).then((body) => resolve({ status, body }), reject)
      })
      request.on('error', reject)
      request.on('timeout', () => request.destroy(new Error(`no answer within ${timeout} ms`)))
      request.end(body)
      const answer = await promise
      if (answer.status >= 300) throw new Error(`${new URL(url).host} answered ${answer.status}: ${answer.body}`)
    },
  }
}

/** In bytes. What an answer has to say is said by then; who goes on is hung up on. */
const LONGEST_ANSWER = 64 * 1024

async function beginningOf(response: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = []
  let length = 0
  for await (const piece of response as AsyncIterable<Buffer>) {
    pieces.push(piece)
    length += piece.length
    if (length > LONGEST_ANSWER) break
  }
  return Buffer.concat(pieces).toString('utf8', 0, LONGEST_ANSWER)
}
