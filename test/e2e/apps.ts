import { appBrowser } from '../support/app-browser.ts'
import type { Platform } from '../support/platform.ts'
import { type RegisteredClient, relyingParty } from '../support/relying-party.ts'
import { admin, bearer } from './people.ts'

export const ALL_SCOPES = ['openid', 'profile', 'email', 'phone', 'offline_access']
export const CLIENTS = '/api/v1/auth/clients'

export const anApp = {
  name: 'Tea House',
  redirectUris: ['https://tea.example/callback'],
  postLogoutRedirectUris: ['https://tea.example/'],
  scopes: ALL_SCOPES,
}

/** An admin, who registers apps. */
export async function appRegistry(jade: Platform) {
  const place = { issuer: jade.publicUrl, fetch }
  const { accessToken } = await admin(jade)
  const headers = bearer(accessToken)
  const registry = {
    place,
    headers,
    async register(body: object): Promise<RegisteredClient> {
      const { status, text, body: answer } = await jade.send('POST', CLIENTS, { headers, body: { ...anApp, ...body } })
      if (status !== 201) throw new Error(`registration answered ${status}: ${text}`)
      return answer?.data as unknown as RegisteredClient
    },
    /** One that keeps a secret, or one that cannot. */
    app: async (confidential = true) => relyingParty(await registry.register({ confidential }), place),
    browser: (accessToken?: string) => appBrowser(place, accessToken),
  }
  return registry
}

export type AppRegistry = Awaited<ReturnType<typeof appRegistry>>
