import { type FieldError, HttpError, Unavailable } from '../../lib/errors.ts'
import { currentTrace } from '../../lib/trace.ts'

export interface Credentials {
  userID: string
  email: string
  password: string
}

/** Has auth keep a password for a member who is about to confirm. To do it again changes nothing. */
export type SetCredentials = (credentials: Credentials) => Promise<void>

const TIMEOUT_MS = 2_000

export function createSetCredentials({ url, gatewayToken }: { url: string; gatewayToken: string }): SetCredentials {
  return async function setCredentials(credentials) {
    const request = fetch(new URL('/internal/credentials', url), {
      method: 'PUT',
      headers: { 'content-type': 'application/json', 'x-gateway-token': gatewayToken, ...traceHeaders() },
      body: JSON.stringify(credentials),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    const { status, body } = await request
      .then(async (response) => ({ status: response.status, body: await response.text() }))
      .catch((error) => {
        throw new Unavailable('Signing in', error)
      })
    if (status === 200 || status === 204) return
    // What auth has against the password goes to the client as it is; any other answer is auth's trouble, not the client's.
    if (status !== 400 && status !== 409) throw new Unavailable('Signing in', new Error(`auth answered ${status}`))
    const { code, message, errors } = JSON.parse(body) as Refusal
    throw new HttpError(status, code, message, { errors })
  }
}

/** The error form that all services share. */
interface Refusal {
  message: string
  code: string
  errors?: FieldError[]
}

function traceHeaders(): Record<string, string> {
  const trace = currentTrace()
  if (!trace) return {}
  return { traceparent: trace.traceparent, ...(trace.requestId && { 'x-request-id': trace.requestId }) }
}
