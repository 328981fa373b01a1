import { fromDeckFile } from '../../gateway/declarative/deck-file.ts'
import { validate } from '../../gateway/declarative/validate.ts'
import { HeaderList } from '../../gateway/http1/header-list.ts'
import { createRouter, type Router, type RouterRequest } from '../../gateway/router/router.ts'
import type { Part } from './bench.ts'
import { manyRoutes, requestsToMany } from './configs.ts'

const SIZES = [10, 100, 1_000, 10_000]
const LOOKUPS = 50_000
const ROUNDS = 20

/** What it costs to find one route among ever more. */
export const routingCost: Part = {
  name: 'routing',
  run() {
    const lookups = SIZES.map(lookupAmong)
    const rounds = Array.from({ length: ROUNDS }, () => lookups.map((look) => look()))
    // The least: a loop of a few milliseconds is either disturbed or not.
    const costs = SIZES.map((_, at) => Math.min(...rounds.map((round) => round[at] as number)))
    const growth = (costs.at(-1) as number) / (costs[0] as number)
    // log 10,000 ÷ log 10
    const logarithmic = 4
    return Promise.resolve([
      {
        what: `finding a route among ${SIZES.map((size) => size.toLocaleString('en')).join(' / ')}, ns (10,000 beside 10)`,
        measured: costs.map((cost) => cost.toFixed(0)).join(' / '),
        ratio: growth,
        target: `≤ ${logarithmic} ×`,
        met: growth <= logarithmic,
      },
    ])
  },
}

/** Gives the average nanoseconds of a lookup, each for another route than the one before. */
function lookupAmong(size: number): () => number {
  const router = routerOf(size)
  const paths = requestsToMany({ routes: size, consumers: 0 }).map(({ path }) => path)
  // One request whose path changes: else the requests, which come one by one in earnest, would crowd the processor's caches.
  const request = requestFor('/')
  const lookAll = () => {
    const started = performance.now()
    for (let at = 0; at < LOOKUPS; at++) {
      request.path = paths[at % size] as string
      if (router.match(request) === undefined) throw new Error(`no route for ${request.path}`)
    }
    return ((performance.now() - started) * 1e6) / LOOKUPS
  }
  lookAll()
  return lookAll
}

function routerOf(size: number): Router {
  const config = manyRoutes({ upstream: 'http://127.0.0.1:1', routes: size, consumers: 0 })
  const { entities, errors } = validate(fromDeckFile(config))
  if (errors) throw new Error(JSON.stringify(errors))
  return createRouter(entities.routes, entities.services)
}

const requestFor = (path: string): RouterRequest => ({
  method: 'GET',
  host: 'bench.example.test',
  port: 80,
  path,
  scheme: 'http',
  headers: new HeaderList(),
})
