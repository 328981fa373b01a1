import type { Knex } from 'knex'
import { HttpError } from '../lib/errors.ts'
import type { Caller } from '../lib/http/identity.ts'
import { findLiveSession } from './queries/sessions.ts'

/** As the gateway's routes have it that ask for a recent sign-in by themselves. */
const MAX_AUTH_AGE = 300

/** For what the gateway cannot ask by its route: the caller's session is open, and began or was stepped up a moment ago. */
export async function requireRecentSignIn(db: Knex, { userID: accountID, sessionID }: Caller): Promise<void> {
  const session = sessionID && (await findLiveSession(db, { accountID, sessionID }))
  if (!session) throw signInFirst()
  if (Date.now() / 1000 - session.auth_time > MAX_AUTH_AGE) throw stepUpRequired(MAX_AUTH_AGE)
}

const AUTHENTICATE_AGAIN = 'A more recent authentication is required'

/** With the challenge of RFC 9470 §3. */
export function stepUpRequired(maxAge?: number): HttpError {
  const challenge = `Bearer error="insufficient_user_authentication", error_description="${AUTHENTICATE_AGAIN}"`
  const limit = maxAge === undefined ? '' : `, max_age="${maxAge}"`
  const headers = { 'WWW-Authenticate': challenge + limit }
  return new HttpError(401, 'STEP_UP_REQUIRED', AUTHENTICATE_AGAIN, { headers })
}

export const signInFirst = () => new HttpError(401, 'UNAUTHENTICATED', 'Sign in first')
