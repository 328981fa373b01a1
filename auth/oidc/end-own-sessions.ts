import type { Knex } from 'knex'
import type { Middleware } from 'koa'
import type Provider from 'oidc-provider'
import { clientOf } from '../client.ts'
import { hashOf } from '../opaque-token.ts'
import { sessionsOfGrants } from '../queries/oidc-grants.ts'
import type { Revocations } from '../revocations.ts'
import { signOut } from '../sign-out.ts'

export interface SignOutParts {
  db: Knex
  revocations: Revocations
}

/** Whoever signs out at the wish of an app signs out here, too: the sessions end in which its user granted anything. */
export function endOwnSessions(provider: Provider, { db, revocations }: SignOutParts): Middleware {
  return async function endsOwnSessions(ctx, next) {
    if (ctx.path !== provider.pathFor('end_session_confirm')) return next()
    const session = await provider.Session.get(ctx)
    const granted = Object.values(session.authorizations ?? {}).flatMap(({ grantId }) => grantId ?? [])
    const own = await sessionsOfGrants(db, granted.map(hashOf))
    await next()
    if (!ctx['oidc']?.session?.destroyed) return
    for (const { account_id: accountID, session_id: sessionID } of own) {
      await signOut({ db, revocations }, { accountID, sessionID }, clientOf(ctx))
    }
  }
}
