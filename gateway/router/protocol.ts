import type { Route } from '../entities.ts'

export interface ProtocolRefusal {
  status: number
  /** Undefined for a redirect: its body is the bare page of its status. */
  message?: string
  headers: Record<string, string>
}

/** Why a route that has matched does not take a request of this scheme; undefined if it does. */
export function protocolRefusal(
  route: Route,
  request: { scheme: 'http' | 'https'; host: string; target: string },
): ProtocolRefusal | undefined {
  const grpc = route.protocols.includes('grpc') || route.protocols.includes('grpcs')
  if (grpc) return { status: 415, message: 'Non-gRPC request matched gRPC route', headers: {} }
  const httpsOnly = route.protocols.includes('https') && !route.protocols.includes('http')
  if (!httpsOnly || request.scheme === 'https') return undefined
  const status = route.https_redirect_status_code
  if (status !== 426) return { status, headers: { Location: `https://${request.host}${request.target}` } }
  const headers = { Connection: 'Upgrade', Upgrade: 'TLS/1.2, HTTP/1.1' }
  return { status, message: 'Please use HTTPS protocol', headers }
}
