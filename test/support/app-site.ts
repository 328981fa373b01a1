import { createServer, type ServerResponse } from 'node:http'
import * as openid from 'openid-client'
import { freePort } from './ports.ts'
import { type Place, type RegisteredClient, relyingParty } from './relying-party.ts'

interface Addresses {
  redirectUris: string[]
  postLogoutRedirectUris: string[]
}

/** The site of an app, on another host than ours: `/` signs in, `/sign-out` out, and each page says how that went. */
export async function startAppSite(
  register: (app: Addresses & { confidential: true }) => Promise<RegisteredClient>,
  place: Place,
) {
  const url = `http://127.0.0.1:${await freePort()}`
  const [callback, left] = [`${url}/callback`, `${url}/left`]
  const client = await register({ redirectUris: [callback], postLogoutRedirectUris: [left], confidential: true })
  const app = await relyingParty(client, place)
  let checks: openid.AuthorizationCodeGrantChecks = {}
  let idToken = ''

  const pages: Record<string, (asked: URL) => Promise<URL | string>> = {
    '/': async ({ searchParams }) => {
      const begun = await app.begin({ scope: 'openid email', ...Object.fromEntries(searchParams) })
      checks = begun.checks
      return begun.url
    },
    '/callback': async (asked) => {
      const error = asked.searchParams.get('error')
      if (error) return `Refused: ${error}`
      const tokens = await app.finish(asked, checks)
      idToken = tokens.id_token ?? ''
      return `Signed in as ${(await app.userInfo(tokens.access_token)).email}`
    },
    '/sign-out': () =>
      Promise.resolve(
        openid.buildEndSessionUrl(app.config, { id_token_hint: idToken, post_logout_redirect_uri: left }),
      ),
    '/left': () => Promise.resolve('Signed out'),
  }

  const server = createServer(async (req, res) => {
    const asked = new URL(req.url ?? '/', url)
    const page = pages[asked.pathname] ?? (() => Promise.resolve('Not here'))
    answer(res, await page(asked).catch(String))
  })
  server.listen(Number(new URL(url).port), '127.0.0.1')
  return { url, stop: () => new Promise((resolve) => server.close(resolve).closeAllConnections()) }
}

function answer(res: ServerResponse, said: URL | string): void {
  if (said instanceof URL) res.writeHead(303, { location: said.href }).end()
  else res.writeHead(200, { 'content-type': 'text/html' }).end(`<title>App</title><h1>${said}</h1>`)
}
