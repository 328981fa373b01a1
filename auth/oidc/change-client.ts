import { isDeepStrictEqual } from 'node:util'
import type { Knex } from 'knex'
import type { Middleware } from 'koa'
import { expectedVersion, preconditionFailed, sendVersioned } from '../../lib/http/etag.ts'
import { caller } from '../../lib/http/identity.ts'
import { validator } from '../../lib/schema.ts'
import { type Client, clientOf } from '../client.ts'
import type { Dependencies } from '../dependencies.ts'
import { validateID } from '../id-parameter.ts'
import { audit } from '../queries/audit.ts'
import { type ClientChanges, lockClient, type OidcClient, updateClient } from '../queries/oidc-clients.ts'
import { deleteGrantsBeyond } from '../queries/oidc-grants.ts'
import { type ClientForm, clientFields, refuseFaults } from './client-form.ts'
import { toView } from './list-clients.ts'
import { clientNotFound } from './read-client.ts'

const validate: (body: unknown) => Partial<ClientForm> = validator<ClientForm>({
  type: 'object',
  properties: clientFields,
  required: [],
  additionalProperties: false,
  minProperties: 1,
})

interface Edit {
  clientID: string
  /** The version that the admin has seen. */
  expected: number | undefined
  actorID: string
  client: Client
}

/** `PATCH /api/v1/auth/clients/:id`: an admin changes what an app is registered with. Of what it was granted ends what it may not ask for any more. */
export function changeClient({ db }: Pick<Dependencies, 'db'>): Middleware {
  return async function changesClient(ctx) {
    const { id: clientID } = validateID(ctx.params)
    const wished = validate(ctx.request.body)
    refuseFaults(wished)
    const edit = { clientID, expected: expectedVersion(ctx), actorID: caller(ctx).userID, client: clientOf(ctx) }
    const changed = await db.transaction((trx) => change(trx, edit, wished))
    sendVersioned(ctx, changed.version, toView(changed))
  }
}

async function change(trx: Knex, edit: Edit, wished: Partial<ClientForm>): Promise<OidcClient> {
  const { clientID, expected, actorID, client } = edit
  const before = await lockClient(trx, clientID)
  if (!before) throw clientNotFound()
  if (expected !== undefined && expected !== before.version) throw preconditionFailed()
  const changes = effective(before, wished)
  if (Object.keys(changes).length === 0) return before
  const after = await updateClient(trx, clientID, changes)
  await deleteGrantsBeyond(trx, clientID, after.scopes)
  await audit(trx, 'client.changed', { client, actorID, clientID })
  return after
}

/** The part of the wished changes that would change anything. */
function effective(before: OidcClient, { name, redirectUris, postLogoutRedirectUris, scopes }: Partial<ClientForm>) {
  const columns = { name, redirect_uris: redirectUris, post_logout_redirect_uris: postLogoutRedirectUris, scopes }
  const entries = Object.entries(columns) as [keyof typeof columns, unknown][]
  const changed = entries.filter(([column, value]) => value !== undefined && !isDeepStrictEqual(value, before[column]))
  return Object.fromEntries(changed) as ClientChanges
}
