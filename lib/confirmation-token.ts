import { errors, jwtVerify, SignJWT } from 'jose'

const AUDIENCE = 'registration-confirmation'
const ALGORITHM = 'HS256'

/** The secret in a confirmation link: says whose registration it confirms, for 24 hours, and nothing personal. */
export const signConfirmationToken = (
  { userID, id }: { userID: string; id: string },
  key: Uint8Array,
): Promise<string> =>
  new SignJWT()
    .setProtectedHeader({ alg: ALGORITHM })
    .setAudience(AUDIENCE)
    .setSubject(userID)
    .setJti(id)
    .setIssuedAt()
    .setExpirationTime('24h')
    .sign(key)

/** The userID that a token confirms; undefined where it is forged, expired or meant for something else. */
export async function verifyConfirmationToken(token: string, key: Uint8Array): Promise<string | undefined> {
  try {
    const { payload } = await jwtVerify(token, key, {
      algorithms: [ALGORITHM], // RFC 8725 §3.1: the verifier decides, not the token
      audience: AUDIENCE,
      requiredClaims: ['sub', 'exp'],
    })
    return payload.sub
  } catch (error) {
    if (error instanceof errors.JOSEError) return undefined
    throw error
  }
}
