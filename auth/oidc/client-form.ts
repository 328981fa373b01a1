import { invalidInput } from '../../lib/errors.ts'
import { isRedirectUri } from './redirect-uri.ts'
import { SCOPES, type Scope } from './scopes.ts'

/** What an app is registered with, and an admin may change. */
export interface ClientForm {
  name: string
  redirectUris: string[]
  postLogoutRedirectUris: string[]
  scopes: Scope[]
}

const uris = { type: 'array', items: { type: 'string', maxLength: 2_000 }, maxItems: 20, uniqueItems: true } as const

/** Of a body's JSON Schema. */
export const clientFields = {
  name: { type: 'string', minLength: 2, maxLength: 200, format: 'single-line' },
  redirectUris: { ...uris, minItems: 1 },
  postLogoutRedirectUris: uris,
  scopes: { type: 'array', items: { type: 'string', enum: SCOPES }, minItems: 1, uniqueItems: true },
} as const

/** What no schema says. */
export function refuseFaults({ scopes, ...form }: { [Field in keyof ClientForm]?: ClientForm[Field] | null }): void {
  const errors = (['redirectUris', 'postLogoutRedirectUris'] as const).flatMap((list) =>
    (form[list] ?? []).flatMap((uri, index) =>
      isRedirectUri(uri)
        ? []
        : { field: `${list}.${index}`, message: 'must be https, or http on localhost, and exact' },
    ),
  )
  if (scopes && !scopes.includes('openid')) errors.push({ field: 'scopes', message: 'must contain openid' })
  if (errors.length > 0) throw invalidInput(errors)
}
