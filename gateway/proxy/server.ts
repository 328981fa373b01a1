import net from 'node:net'
import { ClientConnection } from './client-connection.ts'
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
}

/** Listens for clients; resolves when connections are accepted. */
export async function listen(plane: DataPlane, options: ListenOptions): Promise<ProxyServer> {
  const connections = new Set<ClientConnection>()
  const server = net.createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    const connection = new ClientConnection(socket, plane)
    connections.add(connection)
    socket.on('close', () => connections.delete(connection))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ ...options, backlog: 4096 }, resolve)
  })
  return {
    close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      for (const connection of connections) connection.drain()
      return closed
    },
  }
}
