import { isUtf8 } from 'node:buffer'
import { uuidOfName } from '../declarative/uuid.ts'
import type { Route, Service } from '../entities.ts'
import type { RouteMatch } from '../exchange.ts'
import { type Candidate, candidate, type PathGroup, type Shared } from './candidate.ts'
import type { RouterRequest } from './conditions.ts'
import { HostIndex } from './host-index.ts'

export type { RouterRequest } from './conditions.ts'

export interface Router {
  match(request: RouterRequest): RouteMatch | undefined
}

/** Kong's namespace for the ids of a route's parts; between equal routes the greater id wins. */
const partNamespace = '7f145bf9-0dce-4f91-98eb-debbce4b9f6b'
const served = new Set(['http', 'https', 'grpc', 'grpcs'])

/** Kong's traditional_compatible router. Routes of disabled services, and those of protocols that are not HTTP, never match. */
export function createRouter(routes: Route[], services: Service[]): Router {
  const index = new HostIndex(sortedCandidates(routes, services))
  return { match: (request) => (isText(request.path) ? index.match(request) : undefined) }
}

const OUTSIDE_ASCII = /[\x80-\xff]/

/** Kong's router takes only UTF-8: a path of other bytes has no route. */
const isText = (path: string): boolean => !OUTSIDE_ASCII.test(path) || isUtf8(Buffer.from(path, 'latin1'))

/** All parts of all routes, in the order in which they are tried. */
function sortedCandidates(routes: Route[], services: Service[]): Candidate[] {
  const byId = new Map(services.map((service) => [service.id, service]))
  const shared: Shared = { endings: new Map(), methods: new Map() }
  const candidates: Candidate[] = []
  for (const route of routes) {
    const service = route.service ? byId.get(route.service.id) : null
    if (service === undefined || service?.enabled === false) continue
    if (!route.protocols.some((protocol) => served.has(protocol))) continue
    for (const group of pathGroups(route)) candidates.push(candidate(route, service, group, shared))
  }
  return candidates.sort(byPlace)
}

function byPlace(a: Candidate, b: Candidate): number {
  if (a.priority !== b.priority) return a.priority > b.priority ? -1 : 1
  return a.id > b.id ? -1 : 1
}

/** One group for all regexes, and one for each length of plain paths, in the order in which they first occur. */
function pathGroups({ id, paths }: Route): PathGroup[] {
  if (!paths || paths.length === 0) return [{ id, paths: undefined }]
  const groups = Map.groupBy(paths, (path) => (path.startsWith('~') ? 0 : Buffer.byteLength(path)))
  if (groups.size === 1) return [{ id, paths }]
  return [...groups.values()].map((group, at) => ({ id: uuidOfName(partNamespace, `${id}#${at + 1}`), paths: group }))
}
