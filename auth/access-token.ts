import { randomUUID } from 'node:crypto'
import { SignJWT } from 'jose'
import type { SigningKey } from './signing-key.ts'

export const ACCESS_TOKEN_SECONDS = 600

const ISSUER = 'jade-palace'
const AUDIENCE = 'jade-palace'

/** What a session's access token says about its user. */
export interface Holder {
  accountID: string
  sessionID: string
  email: string
  roles: string[]
  amr: string[]
}

export function signAccessToken({ kid, privateKey }: SigningKey, holder: Holder): Promise<string> {
  const now = Math.floor(Date.now() / 1000)
  return new SignJWT({ sid: holder.sessionID, email: holder.email, roles: holder.roles, amr: holder.amr })
    .setProtectedHeader({ alg: 'ES256', kid, typ: 'JWT' })
    .setIssuer(ISSUER)
    .setAudience(AUDIENCE)
    .setSubject(holder.accountID)
    .setJti(randomUUID())
    .setIssuedAt(now)
    .setNotBefore(now)
    .setExpirationTime(now + ACCESS_TOKEN_SECONDS)
    .sign(privateKey)
}
