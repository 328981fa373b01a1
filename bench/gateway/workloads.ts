import {
  ALLOWED_ORIGIN,
  keyOf,
  kongYaml,
  LARGE,
  manyRoutes,
  oneRoute,
  PARTNERS,
  partnerChain,
  requestsToMany,
  SMALL,
} from './configs.ts'
import type { BenchRequest } from './load-generator.ts'
import type { SigningKey } from './signing-key.ts'

/** A declared config, and the requests that go through it. */
export interface Workload {
  name: string
  /** The name of its file. */
  file: string
  config: unknown
  requests: readonly BenchRequest[]
  /** What the throughput should be, as a part of the bare upstream's. */
  atLeast?: number
  /** Milliseconds: what the 99th percentile should stay below. */
  p99Below?: number
}

export interface Surroundings {
  upstream: string
  redis: URL
  key: SigningKey
}

export const USERS = 1_000
export const PLAIN = '/plain'
const PROFILE = '/api/v1/users/me'

export const requestOf = (token: string): BenchRequest => ({
  path: PROFILE,
  headers: { Authorization: `Bearer ${token}`, Origin: ALLOWED_ORIGIN },
})

export const tokensChain = ({ upstream, redis, key }: Surroundings): Workload => ({
  name: "kong.yaml's own chain, jwt ES256 of 1,000 users",
  file: 'kong-yaml',
  config: kongYaml({ upstream, redis, publicPem: key.publicPem }),
  requests: Array.from({ length: USERS }, (_, user) => requestOf(key.token(user))),
  atLeast: 0.15,
})

export const twoHundredRoutes = ({ upstream }: Surroundings): Workload => ({
  name: '200 routes',
  file: '200-routes',
  config: manyRoutes({ upstream, ...SMALL }),
  requests: requestsToMany(SMALL),
  atLeast: 0.25,
})

export const fiveThousandRoutes = ({ upstream }: Surroundings): Workload => ({
  name: '5,000 routes, key-auth of 5,000 consumers',
  file: '5000-routes',
  config: manyRoutes({ upstream, ...LARGE }),
  requests: requestsToMany(LARGE),
  atLeast: 0.2,
})

export const noPlugins = ({ upstream }: Surroundings): Workload => ({
  name: 'no plugins',
  file: 'no-plugins',
  config: oneRoute(upstream, PLAIN),
  requests: [{ path: PLAIN, headers: {} }],
  atLeast: 0.4,
  p99Below: 9,
})

const partners = ({ upstream, redis }: Surroundings): Workload => ({
  name: 'key-auth + acl + group-quota of 100 partners',
  file: 'partner',
  config: partnerChain(upstream, '/partner', redis),
  requests: Array.from({ length: PARTNERS }, (_, at) => ({ path: '/partner', headers: { apikey: keyOf(at) } })),
  atLeast: 0.2,
  p99Below: 57,
})

export const workloads = (surroundings: Surroundings): Workload[] =>
  [noPlugins, partners, tokensChain, twoHundredRoutes, fiveThousandRoutes].map((workload) => workload(surroundings))
