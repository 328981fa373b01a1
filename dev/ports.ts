import { createServer } from 'node:net'
import { Advice } from '../lib/run-as-command.ts'
import { portOwner } from './port-owner.ts'

/** The ports of the platform on this machine, each to be changed by the environment variable of its name. */
export const DEFAULT_PORTS = {
  PROXY_PORT: 8000,
  ADMIN_PORT: 8001,
  AUTH_PORT: 8101,
  ONBOARDER_PORT: 8102,
  USERS_PORT: 8103,
  NOTIFIER_PORT: 8104,
  CACHE_UPDATER_PORT: 8105,
  WEB_PORT: 8106,
  OPERATIONS_PORT: 8107,
  POSTGRES_PORT: 15432,
  REDIS_PORT: 16379,
  KAFKA_PORT: 19092,
  KAFKA_CONTROLLER_PORT: 19093,
  SMTP_PORT: 11025,
  MAIL_WEB_PORT: 11080,
}
export type PortName = keyof typeof DEFAULT_PORTS
export type Ports = Record<PortName, number>

export class PortError extends Advice {
  override name = 'PortError'
}

export function readPorts(env: NodeJS.ProcessEnv): Ports {
  const ports = { ...DEFAULT_PORTS }
  for (const name of Object.keys(ports) as PortName[]) {
    const text = env[name]
    if (text === undefined) continue
    if (!/^\d{1,5}$/.test(text) || Number(text) < 1 || Number(text) > 65_535) {
      throw new PortError(`${name}=${text}: a port is a number from 1 to 65535`)
    }
    ports[name] = Number(text)
  }
  return ports
}

/** Refuses when a port is in use, saying for each which one, by whom, and the variable that moves it. */
export async function checkPorts(ports: Partial<Ports>): Promise<void> {
  const entries = Object.entries(ports)
  const problems = await Promise.all(
    entries.map(async ([name, port], index) => {
      const twin = entries.findIndex(([, other]) => other === port)
      if (twin < index) return `Port ${port} is given twice: ${entries[twin]?.[0]} and ${name}`
      if (await isFree(port)) return undefined
      return `Port ${port} is taken by ${portOwner(port) ?? 'another process'}: stop it, or set ${name} to another port`
    }),
  )
  const found = problems.filter((problem) => problem !== undefined)
  if (found.length > 0) throw new PortError(found.join('\n'))
}

export function isFree(port: number): Promise<boolean> {
  const server = createServer()
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(false)
      else if (error.code === 'EACCES')
        reject(new PortError(`Port ${port}: not allowed; ports below 1024 are for root`))
      else reject(error)
    })
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}
