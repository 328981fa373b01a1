import { Redis } from 'ioredis'
import type { Log, RedisSettings } from '../plugin.ts'

const MAX_RECONNECT_DELAY = 500

export interface RedisConnections {
  /** The same settings give the same connection. */
  get(settings: RedisSettings): Redis
  close(): void
}

/** Connections whose commands fail at once while Redis is away, and which never stop coming back. */
export function createRedisConnections(log: Log): RedisConnections {
  const connections = new Map<string, Redis>()
  return {
    get(settings) {
      const key = JSON.stringify(Object.entries(settings).sort(([a], [b]) => (a < b ? -1 : 1)))
      let connection = connections.get(key)
      if (connection === undefined) {
        connection = connect(settings, log)
        connections.set(key, connection)
      }
      return connection
    },
    close() {
      for (const connection of connections.values()) connection.disconnect()
      connections.clear()
    },
  }
}

function connect(settings: RedisSettings, log: Log): Redis {
  const { host, port, database, username, password, ssl, ssl_verify, server_name, timeout = 2000 } = settings
  const connection = new Redis({
    host,
    port,
    db: database,
    ...(username && { username }),
    ...(password && { password }),
    ...(ssl && { tls: { rejectUnauthorized: ssl_verify === true, ...(server_name && { servername: server_name }) } }),
    connectTimeout: timeout,
    commandTimeout: timeout,
    // A command that was under way when the connection broke may have been carried out: an increment must not be sent twice.
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    // The commands of simultaneous requests travel together.
    enableAutoPipelining: true,
    retryStrategy: (attempt) => Math.min(50 * 2 ** attempt, MAX_RECONNECT_DELAY),
  })
  // The first requests after a start wait for the first attempt to connect: they are not to pass uncounted.
  const failFast = () => {
    connection.options.enableOfflineQueue = false
  }
  connection.once('ready', failFast).once('close', failFast)
  reportChanges(connection, `${host}:${port}`, log)
  return connection
}

/** One line when Redis goes and one when it is back, however often it is tried in between. */
function reportChanges(connection: Redis, address: string, log: Log): void {
  let away = false
  connection.on('error', (error) => {
    if (!away) log.error(`Redis at ${address} is away`, { reason: error.message })
    away = true
  })
  connection.on('ready', () => {
    if (away) log.info(`Redis at ${address} is back`)
    away = false
  })
}
