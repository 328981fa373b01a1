import { errors, jwtVerify, SignJWT } from 'jose'
import { keyedHash } from './seal.ts'

const AUDIENCE = 'registration-confirmation'
const ALGORITHM = 'HS256'

export interface Confirmation {
  userID: string
  /** Of the address that the token was mailed to: whoever reads that mailbox confirms that address and no other. */
  emailHash: string
}

/** The secret in a confirmation link: valid for 24 hours, and nothing personal can be read from it. */
export const signConfirmationToken = (
  { userID, email, id }: { userID: string; email: string; id: string },
  key: Buffer,
): Promise<string> =>
  new SignJWT({ email_hash: hashEmail(email, key) })
    .setProtectedHeader({ alg: ALGORITHM })
    .setAudience(AUDIENCE)
    .setSubject(userID)
    .setJti(id)
    .setIssuedAt()
    .setExpirationTime('24h')
    .sign(key)

/** What a token confirms; undefined where it is forged, expired or meant for something else. */
export async function verifyConfirmationToken(token: string, key: Buffer): Promise<Confirmation | undefined> {
  try {
    const { payload } = await jwtVerify<{ sub: string; email_hash: string }>(token, key, {
      algorithms: [ALGORITHM], // RFC 8725 §3.1: the verifier decides, not the token
      audience: AUDIENCE,
      requiredClaims: ['sub', 'exp', 'email_hash'],
    })
    return { userID: payload.sub, emailHash: payload.email_hash }
  } catch (error) {
    if (error instanceof errors.JOSEError) return undefined
    throw error
  }
}

/** The prefix keeps what this key hashes apart from what it signs. */
export const hashEmail = (email: string, key: Buffer): string => keyedHash(`email ${email}`, key)
