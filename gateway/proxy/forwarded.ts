import type { RouteMatch } from '../exchange.ts'
import { forwardedPrefix } from '../router/upstream-path.ts'
import type { ProxyExchange } from './proxy-exchange.ts'

/** How the client has asked, for X-Forwarded-*: in the words of a proxy that we trust, else in ours. */

const toldBy = ({ remote, request }: ProxyExchange, key: string): string | undefined =>
  remote.isTrusted ? request.headers.get(key) : undefined

export const protoOf = (exchange: ProxyExchange): string =>
  toldBy(exchange, 'x-forwarded-proto') ?? exchange.request.scheme

export const hostOf = (exchange: ProxyExchange): string =>
  toldBy(exchange, 'x-forwarded-host') ?? requestedHost(exchange.head.targetHost)

/** The field lines as they go upstream. */
export function forwardedLines(exchange: ProxyExchange, match: RouteMatch): string {
  const { request, remote, client, head, listenPort } = exchange
  const chain = request.headers.get('x-forwarded-for')
  const prefix = toldBy(exchange, 'x-forwarded-prefix') ?? forwardedPrefix(match)
  return (
    `X-Forwarded-For: ${chain === undefined ? client.ip : `${chain}, ${remote.ip}`}\r\n` +
    `X-Forwarded-Proto: ${protoOf(exchange)}\r\n` +
    `X-Forwarded-Host: ${hostOf(exchange)}\r\n` +
    `X-Forwarded-Port: ${toldBy(exchange, 'x-forwarded-port') ?? listenPort}\r\n` +
    `X-Forwarded-Path: ${toldBy(exchange, 'x-forwarded-path') ?? head.path}\r\n` +
    (prefix === undefined ? '' : `X-Forwarded-Prefix: ${prefix}\r\n`) +
    `X-Real-IP: ${client.ip}\r\n`
  )
}

/** nginx's name for a server that a request without Host means; Kong's is `kong`. */
const UNNAMED_HOST = 'kong'

/** The host that the client asked for, as nginx's `$host` has it. */
function requestedHost(host: string): string {
  const name = host.toLowerCase()
  return (name.endsWith('.') ? name.slice(0, -1) : name) || UNNAMED_HOST
}
