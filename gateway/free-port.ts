import net from 'node:net'
import type { Address } from './config.ts'

/** A port that somebody else listens on. */
export class PortTaken extends Error {
  override name = 'PortTaken'
}

/**
 * Proves that nobody listens there, by doing so for a moment: workers share their port among themselves
 * (SO_REUSEPORT), so a second gateway would silently share it too. Gives the port, also where 0 was asked for.
 */
export function claimPort({ host, port }: Address): Promise<number> {
  const probe = net.createServer()
  return new Promise((resolve, reject) => {
    probe.once('error', (error) => reject(explain(error, host, port)))
    probe.listen({ host, port }, () => {
      const { port: claimed } = probe.address() as net.AddressInfo
      probe.close(() => resolve(claimed))
    })
  })
}

export function explain(error: NodeJS.ErrnoException, host: string, port: number): Error {
  if (error.code === 'EADDRINUSE')
    return new PortTaken(`port ${port} on ${host} is taken: stop what listens there, or choose another`)
  if (error.code === 'EACCES')
    return new PortTaken(`port ${port} on ${host} may not be used by this user: choose one above 1023`)
  return error
}
