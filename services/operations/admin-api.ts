import { Unavailable } from '../../lib/errors.ts'
import { boundedGet } from './bounded-get.ts'

/** What the Admin API, ours and Kong's, says of entities, as far as it is shown here. */
export interface Reference {
  id: string
}

export interface Service extends Reference {
  name: string | null
  enabled: boolean
  protocol: string
  host: string
  port: number
  path: string | null
}

export interface Route extends Reference {
  name: string | null
  service: Reference | null
  methods: string[] | null
  hosts: string[] | null
  paths: string[] | null
}

export interface Plugin extends Reference {
  name: string
  enabled: boolean
  config: Record<string, unknown>
  route: Reference | null
  service: Reference | null
  consumer: Reference | null
}

export interface Consumer extends Reference {
  username: string | null
}

export interface Acl extends Reference {
  group: string
  consumer: Reference
}

interface Collections {
  services: Service
  routes: Route
  plugins: Plugin
  consumers: Consumer
  acls: Acl
}

export interface Node {
  version: string
  hostname: string
  plugins: { available_on_server: Record<string, { priority?: number } | undefined> }
}

export type AdminApi = ReturnType<typeof createAdminApi>

const LIMIT_MS = 3_000
const MAX_BYTES = 16 * 1024 * 1024
const PAGE = 1_000
/** Of each collection: what is beyond is neither read nor shown. */
export const MOST = 10 * PAGE

export function createAdminApi({ url, token }: { url: string; token: string | undefined }) {
  const headers: Record<string, string> = token ? { 'Kong-Admin-Token': token } : {}

  async function get<Body>(path: string, query: Record<string, string> = {}): Promise<Body> {
    const address = new URL(`${url.replace(/\/$/, '')}/${path}`)
    address.search = new URLSearchParams(query).toString()
    try {
      const { status, text } = await boundedGet(address, { limitMs: LIMIT_MS, maxBytes: MAX_BYTES, headers })
      if (status !== 200) throw new Error(`the Admin API answers ${status}`)
      return JSON.parse(text)
    } catch (error) {
      throw new Unavailable('The gateway', error)
    }
  }

  return {
    node: () => get<Node>(''),
    /** All entities of a collection, page by page, up to `MOST`. */
    async all<Name extends keyof Collections>(collection: Name): Promise<Collections[Name][]> {
      const entities: Collections[Name][] = []
      let next: { offset?: string } = {}
      do {
        const page = await get<{ data: Collections[Name][]; offset?: string }>(collection, {
          size: String(PAGE),
          ...next,
        })
        entities.push(...page.data)
        next = page.offset === undefined ? {} : { offset: page.offset }
      } while (next.offset !== undefined && entities.length < MOST)
      return entities
    },
  }
}
