import type { Knex } from 'knex'
import type { Configuration, JWKS, KoaContextWithOIDC } from 'oidc-provider'
import { findOidcAccount } from './account.ts'
import { createAdapter } from './adapter.ts'
import { interactionPolicy } from './interaction-policy.ts'
import { logoutSource, postLogoutSuccessSource, renderError } from './pages.ts'
import { ACR_VALUES, CLAIMS } from './scopes.ts'
import { SINGLE_SIGN_ON } from './single-sign-on.ts'

export const ROUTES = {
  authorization: '/oauth2/authorize',
  token: '/oauth2/token',
  userinfo: '/oauth2/userinfo',
  jwks: '/oauth2/jwks',
  revocation: '/oauth2/revoke',
  introspection: '/oauth2/introspect',
  end_session: '/oauth2/logout',
}

/** The page that asks whether an app may. */
export const CONSENT_PAGE = '/oauth/consent'

const MINUTE = 60
const DAY = 24 * 60 * MINUTE
/** An ID token can be verified as long as its key is published, which is no longer after a rotation than access tokens live. */
const TOKEN_TTL = 10 * MINUTE
const GRANT_TTL = 30 * DAY

/** `__Host-` keeps other hosts of the same site from planting one; the browser comes back from the app's site, so Lax. */
const COOKIE = { secure: true, httpOnly: true, sameSite: 'lax', path: '/' } as const

export const configuration = ({ db, jwks }: { db: Knex; jwks: JWKS }): Configuration => ({
  adapter: createAdapter(db),
  jwks,
  routes: ROUTES,
  findAccount: findOidcAccount(db),
  claims: CLAIMS,
  acrValues: ACR_VALUES,
  responseTypes: ['code'],
  clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'none'],
  enabledJWA: { idTokenSigningAlgValues: ['ES256'] },
  // OAuth 2.1: for every client, by S256 (which is all that the provider knows), and no refresh token is good twice.
  pkce: { required: () => true },
  rotateRefreshToken: true,
  allowOmittingSingleRegisteredRedirectUri: false,
  features: {
    devInteractions: { enabled: false },
    dPoP: { enabled: false },
    pushedAuthorizationRequests: { enabled: false },
    resourceIndicators: { enabled: false },
    revocation: { enabled: true },
    introspection: { enabled: true, allowedPolicy: (_ctx, client, token) => client.clientId === token.clientId },
    rpInitiatedLogout: { enabled: true, logoutSource, postLogoutSuccessSource },
  },
  interactions: { url: () => CONSENT_PAGE, policy: interactionPolicy(db) },
  cookies: {
    names: {
      session: SINGLE_SIGN_ON,
      interaction: '__Host-jade_interaction',
      resume: '__Secure-jade_resume',
    },
    long: COOKIE,
    short: COOKIE,
  },
  ttl: {
    AuthorizationCode: MINUTE,
    Interaction: 10 * MINUTE,
    AccessToken: TOKEN_TTL,
    IdToken: TOKEN_TTL,
    RefreshToken: GRANT_TTL,
    Grant: GRANT_TTL,
    Session: GRANT_TTL,
  },
  renderError,
  clientBasedCORS,
})

/** A page calls from where its codes are sent to. */
function clientBasedCORS(
  _ctx: KoaContextWithOIDC,
  origin: string,
  client: { redirectUris?: readonly string[] | undefined },
) {
  return client.redirectUris?.some((uri) => URL.parse(uri)?.origin === origin) ?? false
}
