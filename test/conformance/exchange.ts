import { request } from 'node:http'
import { connect } from 'node:net'
import type { Send } from './cases.ts'
import { type Headers, lowerHeaders } from './headers.ts'

export interface Received {
  status: number
  headers: Headers
  body: string
}

export interface Address {
  host: string
  port: number
}

const patience = 15_000

/** One HTTP/1.1 exchange on a connection of its own. A connection that breaks is an answer with status 0. */
export function exchange(to: Address, send: Send): Promise<Received> {
  return send.raw === undefined ? exchangeRequest(to, send) : exchangeRaw(to, send.raw)
}

function exchangeRequest({ host, port }: Address, send: Send): Promise<Received> {
  const { method = 'GET', path = '/', fill } = send
  const body = send.body ?? fill?.[0].repeat(fill[1])
  const headers: Record<string, string | string[] | number> = { host: 'gateway.test', ...send.headers }
  const framed = Object.keys(headers).some((name) => /^(content-length|transfer-encoding)$/i.test(name))
  if (body !== undefined && !framed) headers['content-length'] = Buffer.byteLength(body)
  return new Promise((resolve, reject) => {
    const options = { host, port, method, path, headers, agent: false, setHost: false, timeout: patience } as const
    const sent = request(options, (response) => {
      const chunks: Buffer[] = []
      const received = (text = Buffer.concat(chunks).toString('utf8')): Received => ({
        status: response.statusCode as number,
        headers: lowerHeaders(response.rawHeaders),
        body: text,
      })
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => resolve(received()))
      response.on('error', () => resolve(received('<cut off>')))
    })
    sent.on('timeout', () => sent.destroy(new Error('timeout')))
    sent.on('error', (error: NodeJS.ErrnoException) => {
      if (error.message === 'timeout') reject(error)
      else resolve({ status: 0, headers: {}, body: `connection failed: ${error.code}` })
    })
    sent.end(body)
  })
}

function exchangeRaw({ host, port }: Address, raw: string): Promise<Received> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    const socket = connect(port, host, () => socket.write(Buffer.from(raw, 'latin1')))
    socket.setTimeout(patience, () => socket.destroy(new Error('timeout')))
    socket.on('data', (chunk) => chunks.push(chunk))
    socket.on('error', (error) => {
      if (error.message === 'timeout') reject(error)
    })
    socket.on('close', () => resolve(parsed(Buffer.concat(chunks).toString('utf8'))))
  })
}

function parsed(text: string): Received {
  const end = text.indexOf('\r\n\r\n')
  if (end < 0) return { status: 0, headers: {}, body: text }
  const [statusLine = '', ...lines] = text.slice(0, end).split('\r\n')
  const headers = lowerHeaders(
    lines.flatMap((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]),
  )
  const body = text.slice(end + 4)
  const chunked = headers['transfer-encoding'] === 'chunked'
  return { status: Number(statusLine.split(' ')[1]), headers, body: chunked ? unchunked(body) : body }
}

function unchunked(text: string): string {
  const size = Number.parseInt(text, 16)
  if (!size) return ''
  const start = text.indexOf('\r\n') + 2
  return text.slice(start, start + size) + unchunked(text.slice(start + size + 2))
}
