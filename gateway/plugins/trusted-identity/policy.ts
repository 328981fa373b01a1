import type { Identity } from './identity.ts'

/** What a route asks of its callers. */
export interface Policy {
  /** Any of these. */
  roles: readonly string[]
  /** All of these. */
  amr: readonly string[]
  /** So many seconds ago at most the user was authenticated. */
  maxAuthAge: number | undefined
}

export interface Refusal {
  status: number
  message: string
  headers?: Record<string, string>
}

const AUTHENTICATE_AGAIN = 'A more recent authentication is required'

/** What the caller lacks of it; undefined when nothing. `now` is in seconds since the epoch. */
export function violation({ roles, amr, maxAuthAge }: Policy, caller: Identity, now: number): Refusal | undefined {
  if (roles.length > 0 && !roles.some((role) => caller.roles.includes(role)))
    return { status: 403, message: 'You cannot consume this service' }
  const missing = amr.filter((method) => !caller.amr.includes(method))
  if (missing.length > 0) return { status: 403, message: `Authentication by ${missing.join(', ')} is required` }
  if (maxAuthAge === undefined || now - (caller.authTime ?? Number.NEGATIVE_INFINITY) <= maxAuthAge) return undefined
  return { status: 401, message: AUTHENTICATE_AGAIN, headers: { 'WWW-Authenticate': challenge(maxAuthAge) } }
}

/** RFC 9470 §3. */
const challenge = (maxAuthAge: number): string =>
  `Bearer error="insufficient_user_authentication", error_description="${AUTHENTICATE_AGAIN}", max_age="${maxAuthAge}"`
