import net from 'node:net'
import { text } from 'node:stream/consumers'
import { Registry } from 'prom-client'
import { createHealthView } from '../balancer/health-view.ts'
import { createBalancerMemory } from '../balancer/memory.ts'
import { createResolver } from '../balancer/resolver.ts'
import { validate } from '../declarative/validate.ts'
import type { Entities } from '../entities.ts'
import type { Log } from '../plugin.ts'
import { createSharedCounters } from '../plugins/counters.ts'
import { createGateway } from '../plugins/gateway.ts'
import { createSharedCache } from '../plugins/shared-cache.ts'
import { type DataPlane, PATIENCE } from './data-plane.ts'
import { listen } from './server.ts'
import { createSnapshot } from './snapshot.ts'
import { noTraffic } from './traffic.ts'
import { createTrustedProxies, type TrustedProxiesConfig } from './trusted-proxies.ts'
import { UpstreamPool } from './upstream-pool.ts'
import { WriteBatch } from './write-batch.ts'

/** For tests: a data plane in this process that serves one service at `/`, on a port of its own. */
export function rehearse(upstreamPort: number, service: object = {}, route: object = {}, patience = PATIENCE) {
  const routes = [{ name: 'all', paths: ['/'], ...route }]
  const url = `http://127.0.0.1:${upstreamPort}`
  return rehearseConfig({ services: [{ name: 'under-test', url, ...service, routes }] }, { patience })
}

/** For tests: a data plane in this process. */
export async function rehearseConfig(document: object, { patience = PATIENCE, secure = false, trusted = NOBODY } = {}) {
  const entities = entitiesOf(document)
  const gateway = createGateway({
    nodeId: 'node-under-test',
    entities,
    counters: createSharedCounters(),
    cache: createSharedCache(),
    log: silent,
    metrics: new Registry(),
    now: Date.now,
    env: {},
  })
  const lasting = {
    gateway,
    resolver: createResolver(),
    health: createHealthView(nothing),
    memory: createBalancerMemory(),
  }
  const writes = new WriteBatch()
  const pool = new UpstreamPool(writes)
  const snapshot = createSnapshot(entities, lasting)
  const plane: DataPlane = {
    snapshot,
    pool,
    writes,
    patience,
    proxies: createTrustedProxies(trusted),
    product: 'gateway-under-test/1',
    log: silent,
    accessLog: undefined,
    traffic: noTraffic(),
  }
  const port = await freePort()
  const server = await listen(plane, { host: '127.0.0.1', port, reusePort: false, secure })
  return {
    port,
    load(next: object) {
      plane.snapshot = createSnapshot(entitiesOf(next), lasting)
    },
    async stop() {
      pool.close()
      await server.close()
      pool.close()
      gateway.close()
    },
  }
}

export const NOBODY: TrustedProxiesConfig = { addresses: [], header: 'x-real-ip', recursive: false }

function entitiesOf(document: object): Entities {
  const { entities, errors } = validate({ _format_version: '3.0', ...document })
  if (!entities) throw new Error(`the test declares a config that is refused: ${JSON.stringify(errors)}`)
  return entities
}

/** A server that does with each connection what the test says. */
export async function startUpstream(onConnection: (socket: net.Socket) => void) {
  const sockets = new Set<net.Socket>()
  let accepted = 0
  const server = net.createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket)
    accepted++
    socket.on('close', () => sockets.delete(socket)).on('error', () => socket.destroy())
    onConnection(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as net.AddressInfo).port,
    connections: () => sockets.size,
    accepted: () => accepted,
    stop() {
      for (const socket of sockets) socket.destroy()
      return new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

/** Calls back with each request head that arrives on the socket, and how many came before it. */
export function onRequest(socket: net.Socket, answer: (head: string, earlier: number) => void): void {
  let pending = ''
  let earlier = 0
  socket.on('data', (bytes) => {
    pending += bytes.toString('latin1')
    for (let end = pending.indexOf('\r\n\r\n'); end >= 0; end = pending.indexOf('\r\n\r\n')) {
      const head = pending.slice(0, end + 4)
      pending = pending.slice(end + 4)
      answer(head, earlier++)
    }
  })
}

export function connectTo(port: number): net.Socket {
  return net.connect({ host: '127.0.0.1', port, allowHalfOpen: true })
}

/** Sends bytes as they are; gives everything that comes back until the connection ends. */
export async function talk(port: number, message: string): Promise<string> {
  const socket = connectTo(port)
  socket.write(Buffer.from(message, 'latin1'))
  const answer = await text(socket)
  socket.end()
  return answer
}

export const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'

/** For tests that look at what is done, not at what is logged. */
export const silent: Log = { debug: nothing, info: nothing, warn: nothing, error: nothing }

function nothing(): void {
  // A test looks at answers, not at the log.
}

async function freePort(): Promise<number> {
  const { port, stop } = await startUpstream((socket) => socket.destroy())
  await stop()
  return port
}
