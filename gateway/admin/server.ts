import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Log } from '../plugin.ts'
import { configEndpoints } from './config.ts'
import type { ControlPlane } from './control-plane.ts'
import { entityEndpoints } from './entities.ts'
import { nodeInformation, nodeStatus } from './node.ts'
import { type AdminRequest, type Endpoints, notFound, Refusal, type Reply } from './reply.ts'
import { readBody } from './request-body.ts'
import { schemaEndpoints } from './schemas.ts'
import { tagEndpoints } from './tags.ts'

export interface AdminServer {
  /** The port that it listens on, also where 0 was asked for. */
  port: number
  close(): Promise<void>
}

export interface AdminServerOptions {
  controlPlane: ControlPlane
  listen: { host: string; port: number }
  log: Log
}

/** Kong's Admin API over what is declared. It has no authentication of its own: it listens where only operators come. */
export async function createAdminServer({ controlPlane, listen, log }: AdminServerOptions): Promise<AdminServer> {
  const find = endpointTable(controlPlane, randomUUID())
  const server = createServer(async (request, response) => {
    send(response, request.method === 'HEAD', await answer(find, request, log))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(listen.port, listen.host, () => resolve())
  })
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()))
  return { port: (server.address() as AddressInfo).port, close }
}

type Find = (segments: string[]) => Endpoints | undefined

function endpointTable(controlPlane: ControlPlane, nodeId: string): Find {
  const { metrics } = controlPlane
  const fixed: Record<string, Endpoints> = {
    '': { GET: nodeInformation(controlPlane, nodeId) },
    status: { GET: nodeStatus(controlPlane) },
    config: configEndpoints(controlPlane),
    ...(metrics && { metrics: { GET: async () => ({ status: 200, body: await metrics() }) } }),
  }
  return (segments) => {
    const [first = '', second] = segments
    if (segments.length <= 1 && Object.hasOwn(fixed, first)) return fixed[first]
    if (first === 'tags' && segments.length <= 2) return tagEndpoints(controlPlane, second)
    if (first === 'schemas' && isSchema(segments)) return schemaEndpoints(segments)
    return entityEndpoints(controlPlane, segments)
  }
}

function isSchema(segments: string[]): boolean {
  return segments.length === 2 || (segments.length === 3 && segments[1] === 'plugins')
}

async function answer(find: Find, message: IncomingMessage, log: Log): Promise<Reply> {
  try {
    const request = parse(message)
    const endpoints = find(request.segments)
    if (endpoints === undefined) return notFound()
    const method = message.method === 'HEAD' ? 'GET' : message.method
    const endpoint = endpoints[method as keyof Endpoints]
    return endpoint ? await endpoint(request) : { status: 405, body: { message: 'Method not allowed' } }
  } catch (error) {
    if (error instanceof Refusal) return error.reply
    log.error('an Admin API request failed', { path: message.url, error: (error as Error).stack })
    return { status: 500, body: { message: 'An unexpected error occurred' } }
  }
}

function parse(message: IncomingMessage): AdminRequest {
  const [path = '', query = ''] = (message.url as string).split(/\?(.*)/s)
  const segments = path.split('/').filter((segment) => segment !== '')
  return {
    segments: segments.map(decoded),
    query: new URLSearchParams(query),
    contentType: message.headers['content-type'] ?? '',
    body: () => readBody(message),
  }
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    throw new Refusal(400, { message: `invalid percent-encoding in '${segment}'` })
  }
}

function send(response: ServerResponse, headOnly: boolean, { status, body, headers }: Reply): void {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const type = typeof body === 'string' ? 'text/plain; charset=UTF-8' : 'application/json; charset=utf-8'
  response.writeHead(status, { 'Content-Type': type, 'Content-Length': Buffer.byteLength(text), ...headers })
  response.end(headOnly ? undefined : text)
}
