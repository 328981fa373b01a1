import type { Knex } from 'knex'
import { interactionPolicy as policies } from 'oidc-provider'
import { hashOf } from '../opaque-token.ts'
import { grantedInLiveSession } from '../queries/oidc-grants.ts'

/** The usual checks, and that whoever signed in here is signed in still: an app that may go on offline signs nobody in after that. */
export function interactionPolicy(db: Knex) {
  const policy = policies.base()
  policy.get('login')?.checks.add(
    new policies.Check('signed_out', 'End-User is not signed in any more', 'login_required', async ({ oidc }) => {
      if (oidc.session?.accountId === undefined) return false // which another check asks about
      const granted = oidc.client && oidc.session.authorizationFor(oidc.client.clientId)?.grantId
      return !oidc.account || (granted !== undefined && !(await grantedInLiveSession(db, hashOf(granted))))
    }),
  )
  return policy
}
