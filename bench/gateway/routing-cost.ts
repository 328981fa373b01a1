import { fromDeckFile } from '../../gateway/declarative/deck-file.ts'
import { validate } from '../../gateway/declarative/validate.ts'
import type { Entities, Route } from '../../gateway/entities.ts'
import { HeaderList } from '../../gateway/http1/header-list.ts'
import { createRouter, type RouterRequest } from '../../gateway/router/router.ts'
import type { Part } from './bench.ts'
import { manyRoutes, requestsToMany, routeNameOf } from './configs.ts'

const SIZES = [10, 100, 1_000, 10_000]
const LOOKUPS = 50_000
const ROUNDS = 20
const LOGARITHMIC = Math.log(10_000) / Math.log(10)

/** What it costs to find one route among ever more, beside what a Map of the very paths costs: it does one step whatever their number. */
export const routingCost: Part = {
  name: 'routing',
  run() {
    const sets = SIZES.map(lookupsAmong)
    const rounds = Array.from({ length: ROUNDS }, () =>
      sets.map(({ router, map }) => ({ router: router(), map: map() })),
    )
    // The least: a loop of a few milliseconds is either disturbed or not.
    const least = (who: 'router' | 'map') =>
      SIZES.map((_, at) => Math.min(...rounds.map((round) => round[at]?.[who] as number)))
    const found = growthOf(least('router'))
    return Promise.resolve([
      {
        what: `finding a route among ${SIZES.map((size) => size.toLocaleString('en')).join(' / ')}, ns (10,000 beside 10)`,
        ...found,
        target: `≤ ${LOGARITHMIC} ×`,
        met: found.ratio <= LOGARITHMIC,
      },
      {
        what: 'finding the same paths in a Map that knows their hashes, ns (10,000 beside 10)',
        ...growthOf(least('map')),
      },
    ])
  },
}

const growthOf = (costs: number[]) => ({
  measured: costs.map((cost) => cost.toFixed(0)).join(' / '),
  ratio: (costs.at(-1) as number) / (costs[0] as number),
})

function lookupsAmong(size: number) {
  const { routes, services } = entitiesOf(size)
  const byName = new Map(routes.map((route) => [route.name, route]))
  const visits = requestsToMany({ routes: size, consumers: 0 }).map(({ path }) => ({
    path,
    route: byName.get(routeNameOf(path)) as Route,
  }))
  const router = createRouter(routes, services)
  // One request whose path changes: else the requests, which come one by one in earnest, would crowd the processor's caches.
  const request = requestFor('/')
  // Keys of its own, as no request comes with the string that was declared.
  const map = new Map(visits.map(({ path, route }) => [Buffer.from(path).toString(), { route }]))
  return {
    router: timed(visits, (path) => {
      request.path = path
      return router.match(request)
    }),
    map: timed(visits, (path) => map.get(path)),
  }
}

interface Visit {
  path: string
  route: Route
}

/** Gives the average nanoseconds of a lookup, each for another route than the one before. */
function timed(visits: Visit[], look: (path: string) => { route: Route } | undefined): () => number {
  const lookAll = () => {
    const started = performance.now()
    for (let at = 0; at < LOOKUPS; at++) {
      const { path, route } = visits[at % visits.length] as Visit
      if (look(path)?.route !== route) throw new Error(`another route for ${path}`)
    }
    return ((performance.now() - started) * 1e6) / LOOKUPS
  }
  lookAll()
  return lookAll
}

function entitiesOf(size: number): Entities {
  const config = manyRoutes({ upstream: 'http://127.0.0.1:1', routes: size, consumers: 0 })
  const { entities, errors } = validate(fromDeckFile(config))
  if (errors) throw new Error(JSON.stringify(errors))
  return entities
}

const requestFor = (path: string): RouterRequest => ({
  method: 'GET',
  host: 'bench.example.test',
  port: 80,
  path,
  scheme: 'http',
  headers: new HeaderList(),
})
