import { request } from '../../api/request.ts'
import type { Tokens } from '../../session/session.ts'

/** What a login answers: tokens, or what is still missing. */
export type SignIn =
  | ({ mfaRequired?: undefined; mfaEnrollmentRequired?: undefined } & Tokens)
  | { mfaRequired: true; mfaEnrollmentRequired?: undefined; mfaToken: string }
  | { mfaEnrollmentRequired: true; mfaRequired?: undefined; mfaToken: string }

/** The refresh token goes into a cookie that no script can read. */
const IN_COOKIE = { refreshTokenIn: 'cookie' }

export interface Credentials {
  email: string
  password: string
}

export interface Proof {
  mfaToken: string
  /** A code of the authenticator, or one of the backup codes. */
  proof: { code: string } | { backupCode: string }
  rememberDevice: boolean
}

export const login = async (credentials: Credentials): Promise<SignIn> =>
  (await request<SignIn>('/api/v1/auth/login', { method: 'POST', body: { ...credentials, ...IN_COOKIE } })).data

export async function verify({ mfaToken, proof, rememberDevice }: Proof): Promise<Tokens> {
  const body = { mfaToken, ...proof, rememberDevice, ...IN_COOKIE }
  return (await request<Tokens>('/api/v1/auth/mfa/verify', { method: 'POST', body })).data
}
