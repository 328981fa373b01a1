import { request } from 'node:http'

export interface Answer {
  status: number
  headers: Record<string, string | string[] | undefined>
  text: string
  /** The parsed body; undefined where it is not JSON. */
  body: AnswerBody | undefined
}

interface AnswerBody {
  status?: string
  message?: string
  code?: string
  errors?: { field: string; message: string }[]
  data?: Record<string, unknown>
  meta?: Record<string, unknown>
}

export interface Sent {
  /** Pairs, so that a header can be doubled and keeps its letter case. */
  headers?: Record<string, string> | [string, string][]
  /** An object is sent as JSON; text and bytes as they are. */
  body?: unknown
  /** The client's own address, 127.0.0.x. */
  from?: string
}

/** One exchange. The path is sent exactly as given, which fetch would not do. */
export function exchange(
  base: string,
  method: string,
  path: string,
  { headers = {}, body, from }: Sent = {},
): Promise<Answer> {
  const { hostname, port, host } = new URL(base)
  const payload = body === undefined || typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body)
  const pairs = Array.isArray(headers) ? headers : Object.entries(headers)
  const names = new Set(pairs.map(([name]) => name.toLowerCase()))
  if (!names.has('host')) pairs.push(['host', host])
  if (payload !== undefined && !names.has('content-type')) pairs.push(['content-type', 'application/json'])
  if (payload !== undefined) pairs.push(['content-length', String(Buffer.byteLength(payload))])
  return new Promise((resolve, reject) => {
    const outgoing = request(
      { hostname, port, method, path, headers: pairs.flat(), agent: false, localAddress: from },
      (incoming) => {
        const pieces: Buffer[] = []
        incoming.on('data', (piece) => pieces.push(piece))
        incoming.on('error', reject)
        incoming.on('end', () => {
          const text = Buffer.concat(pieces).toString()
          resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, text, body: asJson(text) })
        })
      },
    )
    outgoing.on('error', reject)
    outgoing.end(payload)
  })
}

function asJson(text: string): AnswerBody | undefined {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Sends so many bytes in chunks, without announcing how many there will be, until the other side has answered. */
export function exchangeChunked(base: string, method: string, path: string, bytes: number): Promise<number> {
  const { hostname, port } = new URL(base)
  const headers = { 'content-type': 'application/json', 'transfer-encoding': 'chunked' }
  const piece = Buffer.alloc(64 * 1024, 'x')
  return new Promise((resolve, reject) => {
    const outgoing = request({ hostname, port, method, path, headers, agent: false })
    let left = bytes
    let answered = false
    outgoing.on('response', (incoming) => {
      answered = true
      incoming.resume()
      resolve(incoming.statusCode ?? 0)
    })
    outgoing.on('error', (error) => answered || reject(error))
    const write = () => {
      while (left > 0 && !answered) {
        left -= piece.length
        if (!outgoing.write(piece)) return outgoing.once('drain', write)
      }
      return outgoing.end()
    }
    write()
  })
}
