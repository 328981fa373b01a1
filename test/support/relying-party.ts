import * as openid from 'openid-client'
import type { AppBrowser } from './app-browser.ts'

/** How requests get to the platform, which is named by its public address. */
export interface Place {
  issuer: string
  fetch(url: string, init: RequestInit): Promise<Response>
}

export interface RegisteredClient {
  clientID: string
  clientSecret?: string
  redirectUris: string[]
}

export type RelyingParty = Awaited<ReturnType<typeof relyingParty>>

/** An app as its authors would write it, with a library of the protocol. */
export async function relyingParty(client: RegisteredClient, { issuer, fetch }: Place) {
  const { clientID, clientSecret, redirectUris } = client
  const auth = clientSecret ? openid.ClientSecretBasic(clientSecret) : openid.None()
  const options = {
    execute: [openid.allowInsecureRequests, openid.enableNonRepudiationChecks],
    [openid.customFetch]: fetch as openid.CustomFetch,
  }
  const config = await openid.discovery(new URL(issuer), clientID, undefined, auth, options)
  const redirect_uri = redirectUris[0] as string

  const app = {
    config,
    /** Where it sends a browser, and what it remembers of that. */
    async begin(parameters: Record<string, string> = {}) {
      const [pkceCodeVerifier, state, nonce] = [
        openid.randomPKCECodeVerifier(),
        openid.randomState(),
        openid.randomNonce(),
      ]
      const code_challenge = await openid.calculatePKCECodeChallenge(pkceCodeVerifier)
      const url = openid.buildAuthorizationUrl(config, {
        ...{ redirect_uri, state, nonce, scope: 'openid', code_challenge, code_challenge_method: 'S256' },
        ...parameters,
      })
      return { url, checks: { pkceCodeVerifier, expectedState: state, expectedNonce: nonce } }
    },
    finish: (callback: URL, checks: openid.AuthorizationCodeGrantChecks) =>
      openid.authorizationCodeGrant(config, callback, checks),
    /** Somebody allows it what it wants, and it gets its tokens. */
    async authorize(browser: AppBrowser, parameters?: Record<string, string>) {
      const { url, checks } = await app.begin(parameters)
      const callback = await browser.answer(url, true)
      return { callback, checks, tokens: await app.finish(callback, checks) }
    },
    userInfo: (token: string) => openid.fetchUserInfo(config, token, openid.skipSubjectCheck),
    refresh: (token = '') => openid.refreshTokenGrant(config, token),
    introspect: (token: string) => openid.tokenIntrospection(config, token),
    revoke: (token: string) => openid.tokenRevocation(config, token),
  }
  return app
}

/** The `error` of a refusal. */
export const refusal = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'nothing',
    (refused) => refused.error ?? refused.cause?.[0]?.parameters?.error ?? String(refused),
  )
