import { expect } from 'chai'
import { bearer } from '../e2e/people.ts'
import { cookieHeader, cookiesOf } from './cookies.ts'
import type { Place } from './relying-party.ts'

export type AppBrowser = ReturnType<typeof appBrowser>

interface Answered {
  status: number
  challenge: string | null
  code: string | undefined
  data: { id: string; client: { name: string }; scopes: string[]; redirectTo: string }
}

/** A browser that an app sends here and there, with cookies of its own, and somebody signed in on our pages. */
export function appBrowser({ issuer, fetch }: Place, accessToken?: string) {
  const cookies: Record<string, string> = {}
  let token = accessToken

  const browser = {
    cookies,
    signIn(newToken: string) {
      token = newToken
    },
    async visit(url: URL | string, init: RequestInit = {}): Promise<Response> {
      const headers = { accept: 'text/html', ...cookieHeader(cookies), ...(init.headers as Record<string, string>) }
      const answer = await fetch(String(url), { redirect: 'manual', ...init, headers })
      Object.assign(cookies, cookiesOf(answer.headers))
      return answer
    },
    /** What the page that asks does: it reads, or with a body decides. */
    async interaction(body?: object): Promise<Answered> {
      const headers = { ...(token && bearer(token)), 'content-type': 'application/json' }
      const init = body ? { method: 'POST', body: JSON.stringify(body), headers } : { headers }
      const answer = await browser.visit(`${issuer}/api/v1/auth/interaction`, init)
      const { data, code } = (await answer.json()) as Answered
      return { status: answer.status, challenge: answer.headers.get('www-authenticate'), code, data }
    },
    /** Follows an app's wish to the page that asks. */
    async arrive(url: URL): Promise<Answered['data']> {
      const sent = await browser.visit(url)
      expect([sent.status, sent.headers.get('location')]).to.deep.equal([303, '/oauth/consent'])
      const { status, data } = await browser.interaction()
      expect(status).to.equal(200)
      return data
    },
    /** Answers there, and goes back to the app. */
    async answer(url: URL, approved: boolean): Promise<URL> {
      const { id } = await browser.arrive(url)
      const { data } = await browser.interaction({ id, approved })
      return browser.back(data.redirectTo)
    },
    /** Where it is sent from here. */
    async back(url: URL | string): Promise<URL> {
      return new URL(String((await browser.visit(url)).headers.get('location')), issuer)
    },
  }
  return browser
}
