import { ApiError } from '../../../api/errors.ts'
import { isValid } from '../../register/registration.ts'

/** What an app is registered with. */
export interface Registration {
  name: string
  /** It can keep a secret. */
  confidential: boolean
  redirectUris: string[]
  postLogoutRedirectUris: string[]
  scopes: string[]
}

/** As it is typed: addresses stand one a line. */
export interface Draft extends Omit<Registration, AddressField> {
  redirectUris: string
  postLogoutRedirectUris: string
}

export const ADDRESS_FIELDS = ['redirectUris', 'postLogoutRedirectUris'] as const
export type AddressField = (typeof ADDRESS_FIELDS)[number]

/** Of which an app may ask for some; `openid` it always asks for. */
export const SCOPES = ['profile', 'email', 'phone', 'offline_access'] as const

export const EMPTY: Draft = { name: '', confidential: true, redirectUris: '', postLogoutRedirectUris: '', scopes: [] }

export const toRegistration = (draft: Draft): Registration => ({
  ...draft,
  name: draft.name.trim(),
  redirectUris: addressesIn(draft.redirectUris),
  postLogoutRedirectUris: addressesIn(draft.postLogoutRedirectUris),
  scopes: ['openid', ...draft.scopes],
})

export const toDraft = (client: Registration): Draft => ({
  name: client.name,
  confidential: client.confidential,
  redirectUris: client.redirectUris.join('\n'),
  postLogoutRedirectUris: client.postLogoutRedirectUris.join('\n'),
  scopes: SCOPES.filter((scope) => client.scopes.includes(scope)),
})

const addressesIn = (text: string): string[] => [...new Set(text.split(/\s+/).filter(Boolean))]

/** Whether a server may be asked at all. */
export const isComplete = ({ name, redirectUris }: Draft): boolean =>
  isValid('name', name) && addressesIn(redirectUris).length > 0

/** Those of the addresses that an answer found fault with: it names each by its place. */
export function refusedIn(error: unknown, field: AddressField, sent: Partial<Registration> | undefined): string[] {
  const faults = error instanceof ApiError ? error.fields.map((fault) => fault.field) : []
  return sent?.[field]?.filter((_address, index) => faults.includes(`${field}.${index}`)) ?? []
}
