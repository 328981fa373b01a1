import net from 'node:net'
import { TLSSocket } from 'node:tls'
import { ClientConnection, type Entry } from './client-connection.ts'
import type { DataPlane } from './data-plane.ts'

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
    if (secure) shakeHands(socket, plane, handshakes, (secured, sni) => accept(secured, { port, tls: { sni } }))
    else accept(socket, { port })
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

type Secured = (socket: TLSSocket, sni: string | undefined) => void

/** Agrees on TLS, with the certificates that are in force at this moment. `under` holds those who have not agreed yet. */
function shakeHands(
  raw: net.Socket,
  { snapshot, patience }: DataPlane,
  under: Set<net.Socket>,
  secured: Secured,
): void {
  const { contextFor } = snapshot.tlsContexts
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
  const limit = setTimeout(() => socket.destroy(), patience.request)
  const abandon = () => socket.destroy()
  under.add(socket)
  socket
    .on('error', abandon)
    .on('close', () => {
      clearTimeout(limit)
      under.delete(socket)
    })
    .once('secure', () => {
      clearTimeout(limit)
      under.delete(socket)
      socket.off('error', abandon)
      secured(socket, socket.servername || undefined)
    })
}
