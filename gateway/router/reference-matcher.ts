import { uuidOfName } from '../declarative/uuid.ts'
import type { Route } from '../entities.ts'

/**
 * For tests: the rules of Kong's traditional_compatible router, as plainly as they can be said. Every route is asked, nothing is
 * looked up, and nothing here is shared with the router that is compared with it.
 */

export interface PlainRequest {
  method: string
  host: string | undefined
  port: number
  /** Normalised, one character a byte. */
  path: string
  scheme: 'http' | 'https'
  sni: string | undefined
  headers: readonly (readonly [name: string, value: string])[]
}

interface Part {
  id: string
  route: Route
  paths: string[]
}

const PART_IDS = '7f145bf9-0dce-4f91-98eb-debbce4b9f6b'

/** The route that serves the request, and what of the path it took. */
export function referenceMatch(routes: Route[], request: PlainRequest): { name: string; took: string } | undefined {
  const fitting = routes
    .filter(isHttp)
    .flatMap(partsOf)
    .filter((part) => fits(part, request))
  const [best] = fitting.sort(byRank)
  return best && { name: String(best.route.name), took: tookOf(best, request.path) ?? '' }
}

const isHttp = ({ protocols }: Route) => protocols.some((protocol) => /^(http|grpc)s?$/.test(protocol))

/** Paths of different lengths, and regexes, stand as routes of their own. */
function partsOf(route: Route): Part[] {
  const lengths = [...new Set((route.paths ?? []).map(lengthOf))]
  if (lengths.length < 2) return [{ id: route.id, route, paths: route.paths ?? [] }]
  return lengths.map((length, at) => ({
    id: uuidOfName(PART_IDS, `${route.id}#${at + 1}`),
    route,
    paths: (route.paths ?? []).filter((path) => lengthOf(path) === length),
  }))
}

const isRegex = (path: string | undefined) => path?.startsWith('~') ?? false
const lengthOf = (path: string) => (isRegex(path) ? 0 : Buffer.byteLength(path))

function fits({ route, paths }: Part, request: PlainRequest): boolean {
  const { methods, hosts, headers, snis } = route
  if (isGiven(methods) && !methods?.includes(request.method)) return false
  if (isGiven(hosts) && !hosts?.some((host) => hostFits(host, request))) return false
  if (!Object.entries(headers ?? {}).every(([name, values]) => headerFits(name, values, request))) return false
  if (isGiven(snis) && request.scheme === 'https' && !snis?.some((sni) => sniFits(sni, request))) return false
  return paths.length === 0 || tookOf({ paths }, request.path) !== undefined
}

const isGiven = (list: unknown[] | null | undefined) => (list ?? []).length > 0

function hostFits(declared: string, { host, port }: PlainRequest): boolean {
  const [, name = declared, wanted] = /^(.*):(\d+)$/.exec(declared) ?? []
  return host !== undefined && wildcardFits(name, host) && (wanted === undefined || Number(wanted) === port)
}

const sniFits = (declared: string, { sni }: PlainRequest) =>
  sni !== undefined && wildcardFits(declared.replace(/\.$/, ''), sni)

function wildcardFits(declared: string, name: string): boolean {
  const [start = '', end] = declared.split('*')
  if (end === undefined) return name === declared
  return name.startsWith(start) && name.endsWith(end)
}

function headerFits(name: string, wanted: string[], { headers }: PlainRequest): boolean {
  const spelt = (letters: string) => headers.filter(([sent]) => sent.toLowerCase() === letters)
  const underscored = name.toLowerCase().replaceAll('-', '_')
  const sent = spelt(underscored).length > 0 ? spelt(underscored) : spelt(underscored.replaceAll('_', '-'))
  return sent.some(([, value]) => wanted.some((one) => valueFits(one.toLowerCase(), value.toLowerCase())))
}

const valueFits = (wanted: string, value: string) =>
  wanted.startsWith('~*') ? new RegExp(wanted.slice(2)).test(value) : wanted === value

/** What the first path that fits takes of the request's. */
function tookOf({ paths }: Pick<Part, 'paths'>, path: string): string | undefined {
  for (const declared of paths) {
    const prefix = bytesOf(declared)
    const took = isRegex(declared) ? regexTakes(declared.slice(1), path) : path.startsWith(prefix) ? prefix : undefined
    if (took !== undefined) return took
  }
  return undefined
}

/** Kong writes `^` in front, which binds closer than `|`. */
function regexTakes(source: string, path: string): string | undefined {
  const found = new RegExp(`^${source}`, 'u').exec(Buffer.from(path, 'latin1').toString())
  return found ? bytesOf(found[0]) : undefined
}

const bytesOf = (text: string) => Buffer.from(text).toString('latin1')

/** The first that differs decides, the greater first. */
function byRank(one: Part, other: Part): number {
  const [a, b] = [rankOf(one), rankOf(other)]
  const at = a.findIndex((value, place) => value !== b[place])
  return at < 0 ? 0 : (a[at] as number | string) > (b[at] as number | string) ? -1 : 1
}

function rankOf({ id, route, paths }: Part): (number | string)[] {
  const { methods, hosts, headers, snis } = route
  const names = Object.keys(headers ?? {})
  const kinds = [methods, hosts, names, paths, snis].filter(isGiven).length
  const plainHosts = hosts?.every((host) => !host.includes('*')) ? 1 : 0
  const [first] = paths
  const regex = isRegex(first) ? 1 : 0
  const last = regex ? route.regex_priority : lengthOf(first ?? '')
  // From four kinds on their number counts no more, and without plain hosts or a regex nothing else does.
  if (kinds < 4) return [0, plainHosts, regex, kinds, names.length, last, id]
  return plainHosts || regex ? [1, plainHosts, regex, 0, names.length, last, id] : [1, 0, 0, 0, 0, 0, id]
}
