import { createHash } from 'node:crypto'
import { type ConnectionOptions, checkServerIdentity, type DetailedPeerCertificate } from 'node:tls'
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
  const depth = service.tls_verify_depth ?? DEPTH
  const options = {
    rejectUnauthorized: service.tls_verify ?? false,
    // Without any of its own, a service trusts what the system trusts.
    ...(authorities.length > 0 && { ca: authorities.map(({ cert }) => cert) }),
    ...(shown && { cert: shown.cert, key: shown.key }),
  }
  const id = createHash('sha256')
    .update(JSON.stringify([options, depth]))
    .digest('base64')
  return { id, options: { ...options, checkServerIdentity: identityWithin(depth) } }
}

/** nginx's `proxy_ssl_verify_depth`: how many authorities may stand between the server and one that is trusted. */
const DEPTH = 1

/** Node asks this of a certificate that has been verified. */
function identityWithin(depth: number): NonNullable<ConnectionOptions['checkServerIdentity']> {
  return (host, certificate) => {
    if (between(certificate as DetailedPeerCertificate) > depth) return new Error('certificate chain too long')
    return checkServerIdentity(host, certificate)
  }
}

function between(certificate: DetailedPeerCertificate): number {
  let issuers = 0
  for (let at = certificate; at.issuerCertificate && at.issuerCertificate !== at; at = at.issuerCertificate) issuers++
  return issuers - 1
}

/** For services that speak no TLS. */
const PLAIN: Trust = { id: '', options: { rejectUnauthorized: false } }
