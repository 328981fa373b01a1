import { Unavailable } from '../../lib/errors.ts'
import { currentTrace } from '../../lib/trace.ts'

/** Asks auth something, as the gateway does; throws Unavailable where no answer comes. */
export type AskAuth = (method: string, path: string, body?: object) => Promise<{ status: number; body: string }>

const TIMEOUT_MS = 2_000

export const createAskAuth =
  ({ url, gatewayToken }: { url: string; gatewayToken: string }): AskAuth =>
  (method, path, body) =>
    fetch(new URL(path, url), {
      method,
      headers: { 'content-type': 'application/json', 'x-gateway-token': gatewayToken, ...traceHeaders() },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
      .then(async (response) => ({ status: response.status, body: await response.text() }))
      .catch((error) => {
        throw signingInUnavailable(error)
      })

export const signingInUnavailable = (cause: unknown) => new Unavailable('Signing in', cause)

function traceHeaders(): Record<string, string> {
  const trace = currentTrace()
  if (!trace) return {}
  return { traceparent: trace.traceparent, ...(trace.requestId && { 'x-request-id': trace.requestId }) }
}
