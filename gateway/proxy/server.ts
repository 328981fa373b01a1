import net from 'node:net'
import { TLSSocket } from 'node:tls'
import { ClientConnection } from './client-connection.ts'
import type { DataPlane } from './data-plane.ts'
import type { Entry } from './entry.ts'
import { whenBegun } from './first-byte.ts'
import { PLAIN_TO_TLS } from './own-answer.ts'
import type { Handshake } from './proxy-exchange.ts'

export interface ProxyServer {
  /** Stops accepting, lets what is under way finish, and resolves when all connections have ended. */
  close(): Promise<void>
}

export interface ListenOptions {
  host: string
  port: number
  /** Several workers share the port; the kernel spreads connections over them. */
  reusePort: boolean
  /** Clients speak TLS here. */
  secure?: boolean
}

/** Listens for clients; resolves when connections are accepted. */
export async function listen(plane: DataPlane, { secure, ...address }: ListenOptions): Promise<ProxyServer> {
  const { port } = address
  const connections = new Set<ClientConnection>()
  const handshakes = new Set<net.Socket>()
  const server = net.createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    if (!secure) accept(socket, { port })
    else
      greet(socket, plane, handshakes, {
        secured: (secured, tls) => accept(secured, { port, tls }),
        plain: () => accept(socket, { port, refusal: PLAIN_TO_TLS }),
      })
  })
  function accept(socket: net.Socket, entry: Entry): void {
    const connection = new ClientConnection(socket, plane, entry)
    connections.add(connection)
    plane.traffic.accepted++
    plane.traffic.active++
    socket.on('close', () => {
      connections.delete(connection)
      plane.traffic.active--
    })
  }
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ ...address, backlog: 4096 }, resolve)
  })
  return {
    close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      for (const connection of connections) connection.drain()
      for (const socket of handshakes) socket.destroy()
      return closed
    },
  }
}

interface Greeted {
  secured(socket: TLSSocket, handshake: Handshake): void
  /** The client speaks HTTP where it should speak TLS. */
  plain(): void
}

/** Sees how a client begins. `under` holds those with whom nothing has been agreed yet. */
function greet(socket: net.Socket, plane: DataPlane, under: Set<net.Socket>, { secured, plain }: Greeted): void {
  const settle = awaited(socket, plane, under)
  whenBegun(socket, (isHandshake) => {
    settle()
    if (isHandshake) shakeHands(socket, plane, under, secured)
    else plain()
  })
}

/** Lets the socket go if it takes too long, or fails; gives the way to stop that. */
function awaited(socket: net.Socket, { patience }: DataPlane, under: Set<net.Socket>): () => void {
  const abandon = () => socket.destroy()
  const limit = setTimeout(abandon, patience.request)
  function settle() {
    clearTimeout(limit)
    under.delete(socket)
    socket.off('error', abandon).off('close', settle)
  }
  under.add(socket)
  socket.on('error', abandon).on('close', settle)
  return settle
}

/** Agrees on TLS, with the certificates that are in force at this moment. */
function shakeHands(raw: net.Socket, plane: DataPlane, under: Set<net.Socket>, secured: Greeted['secured']): void {
  const { contextFor } = plane.snapshot.tlsContexts
  const secureContext = contextFor(undefined)
  if (!secureContext) {
    raw.destroy()
    return
  }
  const socket = new TLSSocket(raw, {
    isServer: true,
    secureContext,
    SNICallback: (host, done) => done(null, contextFor(host)),
    ALPNProtocols: ['http/1.1'],
  })
  const settle = awaited(socket, plane, under)
  socket.once('secure', () => {
    settle()
    const agreed = { version: socket.getProtocol() ?? '', cipher: socket.getCipher().name }
    secured(socket, { sni: socket.servername || undefined, agreed })
  })
}
