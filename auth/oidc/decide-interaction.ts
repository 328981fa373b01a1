import type { Middleware } from 'koa'
import type Provider from 'oidc-provider'
import type { InteractionResults } from 'oidc-provider'
import { HttpError } from '../../lib/errors.ts'
import { type Caller, caller } from '../../lib/http/identity.ts'
import { validator } from '../../lib/schema.ts'
import { clientOf } from '../client.ts'
import { hashOf } from '../opaque-token.ts'
import { audit } from '../queries/audit.ts'
import { bindGrant } from '../queries/oidc-grants.ts'
import { findLiveSession, type LiveSession } from '../queries/sessions.ts'
import { signInFirst, stepUpRequired } from '../recent-sign-in.ts'
import type { SignOutParts } from './end-own-sessions.ts'
import { clientIDOf, type Interaction, interactionOf, interactionOver, isFreshEnough, scopesOf } from './interaction.ts'
import type { Providers } from './providers.ts'
import { acrOf } from './scopes.ts'

const validate = validator<{ id: string; approved: boolean }>({
  type: 'object',
  properties: { id: { type: 'string', maxLength: 64 }, approved: { type: 'boolean' } },
  required: ['id', 'approved'],
  additionalProperties: false,
})

type Parts = Pick<SignOutParts, 'db'> & { providers: Providers }

/**
 * `POST /api/v1/auth/interaction`: whether the app may; gives where to go on. The `id` is that of what was shown: meanwhile
 * another app may have sent the same browser.
 */
export function decideInteraction({ db, providers }: Parts): Middleware {
  return async function decidesInteraction(ctx) {
    const { id, approved } = validate(ctx.request.body)
    const who = caller(ctx)
    const provider = providers.current()
    const interaction = await interactionOf(ctx, provider)
    if (interaction.uid !== id) throw interactionOver()
    const result = approved ? await approve(provider, interaction, who) : DENIED
    const redirectTo = await provider.interactionResult(ctx.req, ctx.res, result)
    const clientID = clientIDOf(interaction)
    const about = { client: clientOf(ctx), accountID: who.userID, sessionID: who.sessionID, clientID }
    await audit(db, approved ? 'consent.given' : 'consent.denied', about)
    ctx.body = { status: 'success', data: { redirectTo } }
  }

  async function approve(provider: Provider, interaction: Interaction, who: Caller): Promise<InteractionResults> {
    const { userID: accountID, sessionID } = who
    const session = await findLiveSession(db, { accountID, sessionID })
    if (!session) throw signInFirst()
    if (!isFreshEnough(interaction, session.auth_time)) throw mustProveAgain(session)
    const scopes = scopesOf(interaction)
    const clientID = clientIDOf(interaction)
    const grant = new provider.Grant({ accountId: accountID, clientId: clientID })
    grant.addOIDCScope(scopes.join(' '))
    const grantId = await grant.save()
    const granted = { hash: hashOf(grantId), accountID, sessionID, clientID, scopes }
    if (!(await bindGrant(db, { ...granted, offline: scopes.includes('offline_access') }))) throw signInFirst()
    const { amr, auth_time: ts } = session
    return { login: { accountId: accountID, ts, amr, acr: acrOf(amr) }, consent: { grantId } }
  }
}

const DENIED = { error: 'access_denied', error_description: 'End-User did not allow it' }

/** By the second factor where there is one (RFC 9470 §3), else by the password. */
const mustProveAgain = ({ amr }: LiveSession) =>
  amr.includes('otp') ? stepUpRequired() : new HttpError(403, 'SIGN_IN_AGAIN', 'The app wants you to sign in again')
