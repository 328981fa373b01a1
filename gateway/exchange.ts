import type { Consumer, Route, Service } from './entities.ts'
import type { HeaderList } from './http1/header-list.ts'
import type { Plan } from './plugins/plan.ts'

/** What the router decided for one request; requests of one route may share it. */
export interface RouteMatch {
  readonly route: Route
  readonly service: Service | null
  /** The part of the normalised path that a prefix or regex path of the route took; `strip_path` removes it. Empty where the route names no path. */
  readonly matchedPath: string
  /** Named groups of a regex path, for `$(uri_captures.name)`. */
  readonly captures: Readonly<Record<string, string>>
  /** All its groups in their order, what has matched as a whole first; empty where it has none. */
  readonly groups: readonly (string | undefined)[]
}

export interface ClientRequest {
  method: string
  /** The request target exactly as sent. */
  target: string
  /** Normalised and without the query; one character a byte, only reserved characters still percent-encoded (see router/normalise.ts). */
  path: string
  /** Everything behind the first `?`, byte for byte; undefined where there is no `?`. */
  query: string | undefined
  scheme: 'http' | 'https'
  /** The host that the TLS handshake has named, in lower case. */
  sni: string | undefined
  /** What the handshake has agreed on. */
  tls: { version: string; cipher: string } | undefined
  /** The Host header's value without its port, and the port that it names. */
  host: string
  port: number | undefined
  headers: HeaderList
  /** Declared length in bytes; undefined when chunked; 0 when there is no body. */
  contentLength: number | undefined
  /** Reads the whole body (at most `limit` bytes, else it rejects with BodyTooLarge) and lets it still be forwarded. Most requests stream and never call it. */
  body(limit: number): Promise<Buffer>
}

/** The request's body is longer than its reader allows. */
export class BodyTooLarge extends Error {
  readonly code = 'BODY_TOO_LARGE'
}

/** What will be sent upstream. Plugins change it until the access phase ends. */
export interface UpstreamRequest {
  method: string
  /** Origin form without the query: service path joined with what is left of the request's path. */
  path: string
  query: string | undefined
  /** Starts as the client's headers without hop-by-hop fields; the proxy adds Host, Via and X-Forwarded-* itself. */
  headers: HeaderList
  /** Overrides the Host header that the service, the upstream or `preserve_host` would give. */
  host: string | undefined
  /** Replaces the client's body. */
  body: Buffer | undefined
}

/** An answer that the gateway itself gives. A string or Buffer is sent as it is, anything else as JSON. */
export interface Answer {
  status: number
  body?: unknown
  headers?: Record<string, string | string[]>
  /** Whose answer it is: the gateway's own (`exit`), or one of the upstream's given once more. */
  source?: 'exit' | 'service'
}

export interface ResponseHead {
  status: number
  headers: HeaderList
  /** `service`: proxied. `exit`: a plugin or the gateway answered. `error`: the proxy failed (502, 504…). Kong's `kong.response.get_source()`. */
  source: 'service' | 'exit' | 'error'
}

/** One request on its way through the gateway: all that plugins and the access log can see of it. */
export interface Exchange {
  /** 32 hexadecimal digits; X-Kong-Request-Id. */
  readonly id: string
  /** Milliseconds since the epoch. */
  readonly startedAt: number
  /** Who asks: whoever is connected to us or, where that is a proxy that we trust, whom it names. */
  readonly client: { ip: string; port: number }
  /** Who is connected to us. */
  readonly remote: { ip: string; port: number; isTrusted: boolean }
  /** The port that the client has reached us on. */
  readonly listenPort: number
  readonly request: ClientRequest
  /** Undefined until routed, and for ever when no route matched. */
  match: RouteMatch | undefined
  upstream: UpstreamRequest
  /** Set by an authentication plugin; `credential` is what `limit_by: credential` counts by. */
  consumer: Consumer | undefined
  credential: { id: string; key?: string } | undefined
  /** Claims of the token that `jwt` has verified, for trusted-identity. */
  claims: Record<string, unknown> | undefined
  /** Set by correlation-id. */
  correlationId: string | undefined
  /** The trace's id by the formats in which the upstream is told of it. Set by opentelemetry. */
  traceIds: Record<string, string> | undefined
  /** Header lines for whatever answer there will be, set before it exists; the runner puts them on it ahead of the header filters. */
  answerHeaders: HeaderList | undefined
  /** With which an upstream's client comes back to the same target: goes with the upstream's answer, behind its own cookies. */
  stickyCookie: string | undefined
  /** The plugin instances that run for this request: the runner's, from the access phase on. */
  plan: Plan | undefined
  /** From the header-filter phase on. */
  response: ResponseHead
  /** Each upstream try, in order, as http-log reports them. */
  tries: { ip: string; port: number; startedAt: number; latency: number; failure?: string; code?: number }[]
  /** Bytes of head and body, counted for logs and metrics. */
  readonly bytes: { received: number; sent: number }
  /** Milliseconds; complete in the log phase. `upstream` and `receive` are undefined when nothing was proxied. */
  readonly latency: { gateway: number; upstream: number | undefined; total: number }
}
