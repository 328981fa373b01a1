import type { Route } from '../entities.ts'
import type { HeaderList } from '../http1/header-list.ts'

export interface ProtocolRefusal {
  status: number
  /** Undefined for a redirect: its body is the bare page of its status. */
  message?: string
  headers: Record<string, string>
}

interface Asked {
  /** By which the client has asked, though a proxy before us may have asked by another. */
  proto: string
  host: string
  target: string
  headers: HeaderList
}

/** Why a route that has matched does not take a request; undefined if it does. */
export function protocolRefusal(route: Route, request: Asked): ProtocolRefusal | undefined {
  const { protocols } = route
  if (request.proto !== 'https' && protocols.includes('https') && !protocols.includes('http'))
    return toHttps(route, request)
  return protocols.includes('grpc') || protocols.includes('grpcs') ? notOverHttp1(request) : undefined
}

function toHttps({ https_redirect_status_code: status }: Route, { host, target }: Asked): ProtocolRefusal {
  if (status !== 426) return { status, headers: { Location: `https://${host}${target}` } }
  const headers = { Connection: 'Upgrade', Upgrade: 'TLS/1.2, HTTP/1.1' }
  return { status, message: 'Please use HTTPS protocol', headers }
}

/** gRPC is spoken over HTTP/2 alone. */
function notOverHttp1({ headers }: Asked): ProtocolRefusal {
  if (!headers.get('content-type')?.startsWith('application/grpc'))
    return { status: 415, message: 'Non-gRPC request matched gRPC route', headers: {} }
  return { status: 426, message: 'Please use HTTP2 protocol', headers: { Connection: 'Upgrade', Upgrade: 'HTTP/2' } }
}
