import { createHash } from 'node:crypto'
import type { Certificates } from '../certificates.ts'
import type { Entities, Service, Upstream } from '../entities.ts'
import type { TlsOptions } from './peer.ts'

/** What TLS connections of a service ask of the other side, and what they show of ours. */
export interface Trust {
  /** Connections of equal trust are interchangeable. */
  id: string
  options: Omit<TlsOptions, 'servername'>
}

/** As in Kong: nothing is verified unless `tls_verify` says so; the service's own certificates go before those of its upstream. */
export function trustOf(
  service: Service,
  upstream: Upstream | undefined,
  { ca_certificates }: Entities,
  certificates: Certificates,
): Trust {
  if (service.protocol !== 'https') return PLAIN
  const shown = certificates.get((service.client_certificate ?? upstream?.client_certificate)?.id ?? '')
  const authorities = ca_certificates.filter(({ id }) => service.ca_certificates?.includes(id))
  const options = {
    rejectUnauthorized: service.tls_verify ?? false,
    // Without any of its own, a service trusts what the system trusts.
    ...(authorities.length > 0 && { ca: authorities.map(({ cert }) => cert) }),
    ...(shown && { cert: shown.cert, key: shown.key }),
  }
  return { id: createHash('sha256').update(JSON.stringify(options)).digest('base64'), options }
}

/** For services that speak no TLS. */
const PLAIN: Trust = { id: '', options: { rejectUnauthorized: false } }
