import { type Auth, callerOf } from './auth.ts'
import type { Place } from './relying-party.ts'
import { GATEWAY_TOKEN } from './run-service.ts'

/** How apps and browsers reach nodes of auth where no gateway stands before them; they take turns. */
export function appPlace({ publicUrl, urls }: Pick<Auth, 'publicUrl' | 'urls'>): Place {
  let turn = 0
  return {
    issuer: publicUrl,
    fetch(url, init) {
      const headers = new Headers(init.headers)
      const [, token] = /^Bearer (.+\..+\..+)$/.exec(headers.get('authorization') ?? '') ?? []
      const trusted = { 'x-gateway-token': GATEWAY_TOKEN, ...(token && callerOf(token)) }
      for (const [name, value] of Object.entries(trusted)) headers.set(name, value)
      return fetch(String(url).replace(publicUrl, urls[turn++ % urls.length] as string), { ...init, headers })
    },
  }
}
