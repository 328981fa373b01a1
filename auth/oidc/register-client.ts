import { randomUUID } from 'node:crypto'
import type { Middleware } from 'koa'
import { invalidInput } from '../../lib/errors.ts'
import { caller } from '../../lib/http/identity.ts'
import { validator } from '../../lib/schema.ts'
import { clientOf } from '../client.ts'
import type { Dependencies } from '../dependencies.ts'
import { newToken } from '../opaque-token.ts'
import { audit } from '../queries/audit.ts'
import { insertClient } from '../queries/oidc-clients.ts'
import { toView } from './list-clients.ts'
import { isRedirectUri } from './redirect-uri.ts'
import { SCOPES, type Scope } from './scopes.ts'

interface Body {
  name: string
  confidential: boolean
  redirectUris: string[]
  postLogoutRedirectUris?: string[] | null
  scopes: Scope[]
}

const uris = { type: 'array', items: { type: 'string', maxLength: 2_000 }, maxItems: 20, uniqueItems: true } as const

const validateForm = validator<Body>({
  type: 'object',
  properties: {
    name: { type: 'string', minLength: 2, maxLength: 200, format: 'single-line' },
    confidential: { type: 'boolean' },
    redirectUris: { ...uris, minItems: 1 },
    postLogoutRedirectUris: { ...uris, nullable: true },
    scopes: { type: 'array', items: { type: 'string', enum: SCOPES }, minItems: 1, uniqueItems: true },
  },
  required: ['name', 'confidential', 'redirectUris', 'scopes'],
  additionalProperties: false,
})

/** `POST /api/v1/auth/clients`: an admin registers an app. Its secret, where it can keep one, is shown this once. */
export function registerClient({ db }: Pick<Dependencies, 'db'>): Middleware {
  return async function registersClient(ctx) {
    const { name, confidential, redirectUris, postLogoutRedirectUris, scopes } = validate(ctx.request.body)
    const { token: clientSecret, hash } = newToken()
    const client = await db.transaction(async (trx) => {
      const inserted = await insertClient(trx, {
        ...{ id: randomUUID(), name, scopes },
        secret_hash: confidential ? hash : null,
        redirect_uris: redirectUris,
        post_logout_redirect_uris: postLogoutRedirectUris ?? [],
      })
      const about = { client: clientOf(ctx), actorID: caller(ctx).userID, clientID: inserted.id }
      await audit(trx, 'client.registered', about)
      return inserted
    })
    ctx.status = 201
    const data = { ...toView(client), ...(confidential && { clientSecret }) }
    ctx.body = { status: 'success', message: 'Client registered', data }
  }
}

function validate(body: unknown): Body {
  const form = validateForm(body)
  const errors = (['redirectUris', 'postLogoutRedirectUris'] as const).flatMap((list) =>
    (form[list] ?? []).flatMap((uri, index) =>
      isRedirectUri(uri)
        ? []
        : { field: `${list}.${index}`, message: 'must be https, or http on localhost, and exact' },
    ),
  )
  if (!form.scopes.includes('openid')) errors.push({ field: 'scopes', message: 'must contain openid' })
  if (errors.length > 0) throw invalidInput(errors)
  return form
}
