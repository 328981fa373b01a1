import { errorAnswer } from '../error-answer.ts'
import type { Answer, RouteMatch } from '../exchange.ts'
import { protocolRefusal } from '../router/protocol.ts'
import { upstreamPath } from '../router/upstream-path.ts'
import type { Snapshot } from './data-plane.ts'
import { hostOf, protoOf } from './forwarded.ts'
import type { ProxyExchange } from './proxy-exchange.ts'

/** Everything before a request is forwarded: rewrite phase, routing, access phase. An answer ends it there. */
export function admit(
  exchange: ProxyExchange,
  { router, runner }: Snapshot,
): Answer | undefined | Promise<Answer | undefined> {
  const { request } = exchange
  runner.rewrite(exchange)
  exchange.match = router.match({
    method: request.method,
    host: request.host || undefined,
    port: request.port ?? exchange.listenPort,
    path: request.path,
    scheme: request.scheme,
    sni: request.sni,
    headers: request.headers,
  })
  if (!exchange.match) return errorAnswer(exchange, 404, 'no Route matched with those values')
  exchange.upstream.path = upstreamPath(exchange.match, request.path)
  return refusedScheme(exchange, exchange.match) ?? runner.access(exchange)
}

function refusedScheme(exchange: ProxyExchange, { route }: RouteMatch): Answer | undefined {
  const { target, headers: sent } = exchange.request
  const refusal = protocolRefusal(route, { proto: protoOf(exchange), host: hostOf(exchange), target, headers: sent })
  if (!refusal) return undefined
  const { status, message, headers } = refusal
  return message === undefined ? { status, headers } : errorAnswer(exchange, status, message, headers)
}
