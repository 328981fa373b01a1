import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Unservable } from '../control-plane.ts'
import type { Log } from '../plugin.ts'
import { absent } from './absent.ts'
import { certificateByName } from './certificate-by-name.ts'
import { configEndpoints } from './config.ts'
import type { ControlPlane } from './control-plane.ts'
import { endpointList } from './endpoints.ts'
import { entityEndpoints } from './entities.ts'
import { enabledPlugins, nodeInformation } from './node.ts'
import { dnsStatus, nodeStatus } from './node-status.ts'
import { requireOwnAddress } from './own-address.ts'
import { proxyCacheEndpoints } from './proxy-cache.ts'
import { schemaViolation } from './refusals.ts'
import { type AdminRequest, type Endpoints, notFound, Refusal, type Reply } from './reply.ts'
import { readBody } from './request-body.ts'
import type { RunningNode } from './running-node.ts'
import { schemaEndpoints } from './schemas.ts'
import { tagEndpoints } from './tags.ts'
import { requireToken } from './token.ts'
import { upstreamEndpoints } from './upstreams.ts'

export interface AdminServer {
  /** The port that it listens on, also where 0 was asked for. */
  port: number
  close(): Promise<void>
}

export interface AdminServerOptions {
  controlPlane: ControlPlane
  listen: { host: string; port: number }
  /** What every request must bring along; without one the API is for who comes to its own address. */
  token: string | undefined
  node: RunningNode
  log: Log
}

/** Kong's Admin API over what is in force. */
export async function createAdminServer(options: AdminServerOptions): Promise<AdminServer> {
  const { controlPlane, listen, token, node, log } = options
  const admit = token === undefined ? requireOwnAddress(listen.host) : requireToken(token)
  const desk: Desk = { find: endpointTable(controlPlane, node), admit, log }
  const server = createServer(async (request, response) => {
    send(response, request.method === 'HEAD', await answer(desk, request))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(listen.port, listen.host, () => resolve())
  })
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()))
  return { port: (server.address() as AddressInfo).port, close }
}

type Find = (segments: string[]) => Endpoints | undefined

interface Desk {
  find: Find
  /** Throws a Refusal. */
  admit: (request: IncomingMessage) => void
  log: Log
}

function endpointTable(controlPlane: ControlPlane, node: RunningNode): Find {
  const fixed: Record<string, Endpoints> = {
    '': { GET: nodeInformation(controlPlane, node) },
    status: { GET: nodeStatus(controlPlane, node) },
    config: configEndpoints(controlPlane),
    endpoints: endpointList,
    ...absent,
    metrics: { GET: async () => ({ status: 200, body: await node.metrics() }) },
  }
  return (segments) => {
    const [first = '', second] = segments
    if (segments.length <= 1 && Object.hasOwn(fixed, first)) return fixed[first]
    if (first === 'tags' && segments.length <= 2) return tagEndpoints(controlPlane, second)
    if (first === 'schemas' && (segments.length === 2 || segments.length === 3)) return schemaEndpoints(segments)
    if (segments.join('/') === 'plugins/enabled') return enabledPlugins
    if (segments.join('/') === 'status/dns') return dnsStatus
    return (
      proxyCacheEndpoints(controlPlane, node, segments) ??
      upstreamEndpoints(controlPlane, node, segments) ??
      certificateByName(controlPlane, segments) ??
      entityEndpoints(controlPlane, segments)
    )
  }
}

async function answer({ find, admit, log }: Desk, message: IncomingMessage): Promise<Reply> {
  try {
    admit(message)
    const request = parse(message)
    const endpoints = find(request.segments)
    if (endpoints === undefined) return notFound()
    if (message.method === 'OPTIONS') return { status: 204, headers: { Allow: methodsOf(endpoints) } }
    const method = message.method === 'HEAD' ? 'GET' : message.method
    const endpoint = endpoints[method as keyof Endpoints]
    return endpoint ? await endpoint(request) : { status: 405, body: { message: 'Method not allowed' } }
  } catch (error) {
    if (error instanceof Refusal) return error.reply
    if (error instanceof Unservable) return schemaViolation({ '@entity': [error.message] }).reply
    log.error('an Admin API request failed', { path: message.url, error: (error as Error).stack })
    return { status: 500, body: { message: 'An unexpected error occurred' } }
  }
}

function methodsOf(endpoints: Endpoints): string {
  const methods = [...Object.keys(endpoints), ...('GET' in endpoints ? ['HEAD'] : []), 'OPTIONS']
  return methods.sort().join(', ')
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
  if (body === undefined) {
    response.writeHead(status, headers).end()
    return
  }
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const type = typeof body === 'string' ? 'text/plain; charset=UTF-8' : 'application/json; charset=utf-8'
  response.writeHead(status, { 'Content-Type': type, 'Content-Length': Buffer.byteLength(text), ...headers })
  response.end(headOnly ? undefined : text)
}
