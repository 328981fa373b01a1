import { interactionPolicy as policies } from 'oidc-provider'

/** The usual checks, and that whoever signed in here is signed in still: what an app was granted ends with that (queries/oidc-grants.ts). */
export function interactionPolicy() {
  const policy = policies.base()
  policy.get('login')?.checks.add(
    new policies.Check('signed_out', 'End-User is not signed in any more', 'login_required', ({ oidc }) => {
      if (oidc.session?.accountId === undefined) return false // which another check asks about
      const granted = oidc.client && oidc.session.authorizationFor(oidc.client.clientId)?.grantId
      return !oidc.account || (granted !== undefined && !oidc.entities.Grant?.jti)
    }),
  )
  return policy
}
