import { createSecureContext, type SecureContext } from 'node:tls'
import type { Certificates } from '../certificates.ts'
import type { Certificate, Entities } from '../entities.ts'

/** With which certificate to answer a client. */
export interface TlsContexts {
  /**
   * For the host that a handshake names: its own certificate, else that of a wildcard. A client that names no host, or
   * an unknown one, is shown the certificate of `*`, else the first that was declared.
   */
  contextFor(host: string | undefined): SecureContext | undefined
}

export function createTlsContexts({ snis }: Entities, certificates: Certificates): TlsContexts {
  const byId = new Map([...certificates].map(([id, certificate]) => [id, contextOf(certificate)]))
  const bySni = new Map(snis.map(({ name, certificate }) => [name.toLowerCase(), byId.get(certificate.id)]))
  const fallback = bySni.get('*') ?? [...byId.values()][0]
  return {
    contextFor(host) {
      if (host === undefined) return fallback
      const known = namesFor(host.toLowerCase()).find((name) => bySni.has(name))
      return known === undefined ? fallback : bySni.get(known)
    },
  }
}

/** A wildcard stands for exactly one label, the first or the last. */
function namesFor(host: string): string[] {
  const first = host.indexOf('.')
  return first < 0 ? [host] : [host, `*${host.slice(first)}`, `${host.slice(0, host.lastIndexOf('.'))}.*`]
}

/** The first pair alone: Node hands one pair on from the context that a host name chooses, so `cert_alt` would be shown to nobody. */
function contextOf({ cert, key }: Certificate): SecureContext {
  return createSecureContext({ cert, key, minVersion: 'TLSv1.2' })
}
