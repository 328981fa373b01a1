import type { Exchange } from '../exchange.ts'
import { HeaderList } from '../http1/header-list.ts'
import type { RequestHead } from '../http1/request-head.ts'
import { normalisePath } from '../router/normalise.ts'
import { forwardedRequestFields } from './hop-by-hop.ts'
import type { RequestBody } from './request-body.ts'
import { requestId } from './request-id.ts'

/** What stands for the request where none could be read. RFC 9110 §9.3.2: to a HEAD no answer has a body, not even a refusal. */
export function unreadableHead(method: string): RequestHead {
  const fields = new HeaderList()
  return {
    method: method === 'HEAD' ? method : 'GET',
    target: '/',
    path: '/',
    query: undefined,
    minor: 1,
    fields,
    host: '',
    port: undefined,
    targetHost: '',
    contentLength: 0,
  }
}

const NO_BODY = Buffer.alloc(0)

interface Arrival {
  head: RequestHead
  body: RequestBody | undefined
  client: Exchange['client']
  remote: Exchange['remote']
  listenPort: number
  /** What the connection's handshake has said, where there was one. */
  tls?: Handshake | undefined
  startedAt: number
}

export interface Handshake {
  /** The host that the client wants to speak with. */
  sni: string | undefined
  agreed: { version: string; cipher: string }
}

/** The exchange of a request that has just arrived. */
export function createExchange({ head, body, client, remote, listenPort, tls, startedAt }: Arrival): ProxyExchange {
  const { method, target, query, fields, host, port, contentLength } = head
  const read = (limit: number) => (body ? body.collect(limit) : Promise.resolve(NO_BODY))
  return {
    id: requestId(),
    startedAt,
    client,
    remote,
    listenPort,
    request: {
      method,
      target,
      path: normalisePath(head.path),
      query,
      scheme: tls ? 'https' : 'http',
      sni: tls?.sni?.toLowerCase(),
      tls: tls?.agreed,
      host,
      port,
      headers: fields,
      contentLength,
      body: read,
    },
    head,
    match: undefined,
    upstream: { method, path: '', query, headers: forwardedRequestFields(fields), host: undefined, body: undefined },
    consumer: undefined,
    credential: undefined,
    claims: undefined,
    correlationId: undefined,
    traceIds: undefined,
    answerHeaders: undefined,
    stickyCookie: undefined,
    plan: undefined,
    response: { status: 0, headers: new HeaderList(), source: 'error' },
    tries: [],
    bytes: { received: 0, sent: 0 },
    latency: { gateway: 0, upstream: undefined, total: 0 },
  }
}

/** An exchange as the data plane sees it: with the head as it was read. */
export interface ProxyExchange extends Exchange {
  readonly head: RequestHead
}
