import { randomUUID } from 'node:crypto'
import type { Knex } from 'knex'
import { HttpError } from '../lib/errors.ts'
import { ACCESS_TOKEN_SECONDS, signAccessToken } from './access-token.ts'
import type { Client } from './client.ts'
import { newToken } from './opaque-token.ts'
import { audit } from './queries/audit.ts'
import { insertSession, type LiveSession } from './queries/sessions.ts'
import type { SigningKey } from './signing-key.ts'

export interface SessionTokens {
  accessToken: string
  refreshToken: string
  tokenType: 'Bearer'
  expiresIn: number
}

/** Opens a session for whoever has proved, by the methods in `amr` (RFC 8176), to be the account's owner. */
export async function startSession(
  trx: Knex,
  { signingKey, accountID, amr, client }: { signingKey: SigningKey; accountID: string; amr: string[]; client: Client },
): Promise<SessionTokens> {
  const { token, hash } = newToken()
  const session = await insertSession(trx, { id: randomUUID(), accountID, amr, client, hash })
  if (!session) throw new HttpError(403, 'ACCOUNT_DISABLED', 'This account cannot sign in')
  await audit(trx, 'login.succeeded', { client, accountID, sessionID: session.session_id })
  return sessionTokens(signingKey, session, token)
}

export async function sessionTokens(
  signingKey: SigningKey,
  { session_id: sessionID, account_id: accountID, ...holder }: LiveSession,
  refreshToken: string,
): Promise<SessionTokens> {
  const accessToken = await signAccessToken(signingKey, { accountID, sessionID, ...holder })
  return { accessToken, refreshToken, tokenType: 'Bearer', expiresIn: ACCESS_TOKEN_SECONDS }
}
