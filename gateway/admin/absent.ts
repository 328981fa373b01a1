import { type Endpoints, Refusal } from './reply.ts'

/** What Kong has and this gateway does not: its tools ask for it, and take it well that there is none. */

const none: Endpoints = { GET: () => ({ status: 200, body: { data: [], next: null } }) }

export const absent: Readonly<Record<string, Endpoints>> = {
  keys: none,
  'key-sets': none,
  'hmac-auths': none,
  oauth2: none,
  'filter-chains': {
    GET: () => {
      throw new Refusal(400, { message: 'this endpoint is only available when wasm is enabled' })
    },
  },
}
