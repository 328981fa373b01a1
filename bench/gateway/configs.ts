import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { root } from '../../dev/place.ts'
import { fillTemplate } from '../../gateway/declarative/deck-template.ts'
import type { BenchRequest } from './load-generator.ts'
import { KID } from './signing-key.ts'

/** Far beyond what a bench sends: limits are counted, and nobody is refused. */
const UNLIMITED = 1e9

export const ALLOWED_ORIGIN = 'http://localhost:8000'
export const PARTNERS = 100

/** One route to the upstream, with these plugins. */
export const oneRoute = (upstream: string, path: string, plugins: unknown[] = []) => ({
  _format_version: '3.0',
  services: [
    { name: 'upstream', url: upstream, plugins, routes: [{ name: 'bench', paths: [path], strip_path: false }] },
  ],
})

export const partnerChain = (upstream: string, path: string, redis: URL) => ({
  ...oneRoute(upstream, path, [
    { name: 'key-auth', config: { key_names: ['apikey'], key_in_query: false, hide_credentials: true } },
    { name: 'acl', config: { allow: ['partner-gold'], hide_groups_header: true } },
    {
      name: 'group-quota',
      config: {
        groups: { 'partner-gold': { minute: UNLIMITED } },
        policy: 'redis',
        redis: { host: redis.hostname, port: Number(redis.port), database: Number(redis.pathname.slice(1)) },
      },
    },
  ]),
  consumers: consumersOf(PARTNERS).map((partner) => ({ ...partner, acls: [{ group: 'partner-gold' }] })),
})

interface Addresses {
  upstream: string
  redis: URL
  publicPem: string
}

/** kong.yaml itself, every service of it at the upstream; only its limits are raised. */
export function kongYaml({ upstream, redis, publicPem }: Addresses): unknown {
  const text = readFileSync(join(root, 'kong.yaml'), 'utf8')
  const known: Record<string, string> = {
    DECK_PUBLIC_URL: ALLOWED_ORIGIN,
    DECK_REDIS_HOST: redis.hostname,
    DECK_REDIS_PORT: redis.port,
    DECK_REDIS_DATABASE: redis.pathname.slice(1),
    DECK_REDIS_USERNAME: '',
    DECK_REDIS_PASSWORD: '',
    DECK_JWT_SECRETS: JSON.stringify([{ key: KID, algorithm: 'ES256', secret: 'none', rsa_public_key: publicPem }]),
  }
  const env = Object.fromEntries([...text.matchAll(/DECK_\w+/g)].map(([name]) => [name, known[name] ?? upstream]))
  return parse(fillTemplate(text, env), unlimited)
}

function unlimited(_key: unknown, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('name' in value && value.name === 'rate-limiting')) return value
  return { ...value, config: { ...('config' in value && (value.config as object)), minute: UNLIMITED } }
}

interface Size {
  upstream: string
  routes: number
  /** Each with a key; without any nobody is asked for one. */
  consumers: number
}

export const LARGE = { routes: 5_000, consumers: 5_000 }
export const SMALL = { routes: 200, consumers: 0 }

const ROUTES_PER_SERVICE = 100

/** Many routes, a fifth of them regexes; requests go to `/s3/r7/42`. */
export function manyRoutes({ upstream, routes, consumers }: Size) {
  const services = Array.from({ length: Math.ceil(routes / ROUTES_PER_SERVICE) }, (_, service) => ({
    name: `service-${service}`,
    url: upstream,
    routes: Array.from({ length: Math.min(routes, ROUTES_PER_SERVICE) }, (_, at) => ({
      name: `route-${service}-${at}`,
      paths: [at % 5 === 0 ? `~/s${service}/r${at}/(?<id>\\d+)$` : `/s${service}/r${at}/`],
      methods: ['GET', 'POST'],
      strip_path: false,
    })),
  }))
  return {
    _format_version: '3.0',
    plugins: consumers > 0 ? [{ name: 'key-auth', config: { key_names: ['apikey'] } }] : [],
    services,
    consumers: consumersOf(consumers),
  }
}

const consumersOf = (count: number) =>
  Array.from({ length: count }, (_, at) => ({
    username: `consumer-${at}`,
    keyauth_credentials: [{ key: keyOf(at) }],
  }))

export const keyOf = (consumer: number): string => `key-of-consumer-${consumer}`

/** To every route in no order, each by another consumer. */
export const requestsToMany = ({ routes, consumers }: Omit<Size, 'upstream'>): BenchRequest[] =>
  Array.from({ length: routes }, (_, at) => {
    // A prime that divides none of the sizes: every route is met once, far from the one before.
    const route = (at * 7919) % routes
    const path = `/s${Math.floor(route / ROUTES_PER_SERVICE)}/r${route % ROUTES_PER_SERVICE}/42`
    return { path, headers: consumers > 0 ? { apikey: keyOf(at % consumers) } : ({} as BenchRequest['headers']) }
  })

/** The route of `manyRoutes` that a request of `requestsToMany` is for. */
export const routeNameOf = (path: string): string => path.replace(/^\/s(\d+)\/r(\d+)\/.*$/, 'route-$1-$2')
