/** What an app may ask for, and which claims (OpenID Connect Core §5.4) that brings. */
export const SCOPES = ['openid', 'profile', 'email', 'phone', 'offline_access'] as const
export type Scope = (typeof SCOPES)[number]

export const CLAIMS = {
  openid: ['sub', 'auth_time', 'amr', 'acr'],
  profile: ['name'],
  email: ['email', 'email_verified'],
  phone: ['phone_number', 'phone_number_verified'],
}

/** One factor or two. */
export const ACR_VALUES = ['urn:jade-palace:acr:1', 'urn:jade-palace:acr:2']

export const acrOf = (amr: string[]): string | undefined => ACR_VALUES[amr.includes('otp') ? 1 : 0]
