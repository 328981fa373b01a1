import type { Exchange } from '../../exchange.ts'
import { requestFields, variableValues } from '../../request-fields.ts'

export interface LimitBy {
  limit_by: 'consumer' | 'credential' | 'ip' | 'service' | 'header' | 'path'
  header_name: string | null
  path: string | null
}

/** Whom a request is counted for: where what the config asks for is missing, its address. */
export function identify(config: LimitBy, exchange: Exchange): string {
  return find(config, exchange) ?? exchange.client.ip
}

function find({ limit_by, header_name, path }: LimitBy, exchange: Exchange): string | undefined {
  switch (limit_by) {
    case 'service':
      return exchange.match?.service?.id
    case 'consumer':
      return exchange.consumer?.id ?? exchange.credential?.id
    case 'credential':
      return exchange.credential?.id
    case 'header':
      // As the upstream will see it: trusted-identity has written X-User-Id by now.
      return header(exchange, (header_name ?? '').toLowerCase())
    case 'path':
      return exchange.request.path === path ? path : undefined
    case 'ip':
      return undefined
  }
}

function header(exchange: Exchange, name: string): string | undefined {
  if (name === 'host' && exchange.upstream.host !== undefined) return exchange.upstream.host
  return variableValues(requestFields(exchange, name), name)[0]
}
