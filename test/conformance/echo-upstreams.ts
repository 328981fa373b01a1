import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { freePort } from '../support/ports.ts'
import { type Headers, lowerHeaders } from './headers.ts'

/** One request as an upstream received it. */
export interface Seen {
  server: string
  method: string
  url: string
  headers: Headers
  body: string
}

export interface EchoUpstreams {
  seen: Seen[]
  /** Where they really listen, by the port under which the recordings know them. */
  ports: Map<number, number>
  /** Closes the connections that are kept for further requests: how many there are would decide how often a request is tried. */
  closeIdle(): void
  stop(): Promise<void>
}

const recordedPorts: [name: string, port: number][] = [
  ['a', 19001],
  ['b', 19002],
]

/** Two servers that answer with what they received; switches in the query make them misbehave (see `misbehaviour`). */
export async function startEchoUpstreams(): Promise<EchoUpstreams> {
  const seen: Seen[] = []
  const servers = await Promise.all(recordedPorts.map(([name]) => listening(name, seen)))
  const ports = recordedPorts.map(([, port], at): [number, number] => [
    port,
    ((servers[at] as Server).address() as AddressInfo).port,
  ])
  return {
    seen,
    ports: new Map(ports),
    closeIdle() {
      for (const server of servers) server.closeIdleConnections()
    },
    async stop() {
      for (const server of servers) server.closeAllConnections()
      await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
    },
  }
}

async function listening(name: string, seen: Seen[]): Promise<Server> {
  const server = createServer((request, response) => void echo(name, seen, request, response))
  server.keepAliveTimeout = 120_000
  const port = await freePort()
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve))
  return server
}

async function echo(name: string, seen: Seen[], request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await bodyOf(request)
  if (body === undefined) return
  const { method = '', url = '' } = request
  const record = { server: name, method, url, headers: lowerHeaders(request.rawHeaders), body: shortened(body) }
  if (!url.startsWith('/__health')) seen.push(record)
  await misbehave(name, record, request, response)
}

/** Undefined where the gateway gave up on the request. */
async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = []
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
  } catch {
    return undefined
  }
  return Buffer.concat(chunks).toString('utf8')
}

function shortened(body: string): string {
  return body.length > 2000 ? `<${body.length} characters>` : body
}

/**
 * Switches: `__status`, `__delay` (ms), `__header` (name:value), `__body`, `__close` (no answer), `__cut` (half an answer).
 * `__status=b:500` concerns upstream b only.
 */
async function misbehave(
  name: string,
  record: Seen,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const all = switches(name, record.url)
  const first = (key: string) => all(key)[0]
  await delay(Number(first('__delay') ?? 0))
  if (first('__close') !== undefined) {
    request.socket.destroy()
    return
  }
  for (const header of all('__header')) {
    const colon = header.indexOf(':')
    response.appendHeader(header.slice(0, colon), header.slice(colon + 1))
  }
  response.statusCode = Number(first('__status') ?? 200)
  if (response.statusCode === 204 || response.statusCode === 304) {
    response.end()
    return
  }
  const payload = first('__body') ?? JSON.stringify(record)
  if (!response.hasHeader('content-type')) response.setHeader('content-type', 'application/json')
  response.setHeader('content-length', Buffer.byteLength(payload))
  if (first('__cut') === undefined) response.end(record.method === 'HEAD' ? undefined : payload)
  else response.write(payload.slice(0, payload.length / 2), () => setTimeout(() => request.socket.destroy(), 50))
}

function switches(name: string, url: string): (key: string) => string[] {
  const query = new URL(url.replace(/^\/+/, '/'), 'http://echo').searchParams
  const concerns = (value: string) => !/^[ab]:/.test(value) || value.startsWith(`${name}:`)
  return (key) =>
    query
      .getAll(key)
      .filter(concerns)
      .map((value) => value.replace(/^[ab]:/, ''))
}
