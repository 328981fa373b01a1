import type { Route, Service } from '../entities.ts'
import type { Regex } from '../regex/linear-regex.ts'
import { allOf, type Condition, headerIs, methodIn, type RouterRequest, sniIn } from './conditions.ts'
import { toBytes } from './normalise.ts'
import { compilePathRegex, type PathRegex } from './path-regex.ts'
import { priority } from './priority.ts'

/** A route, or a part of one: Kong splits a route by the lengths of its paths, and every part has a place of its own. */
export interface Candidate {
  id: string
  priority: bigint
  route: Route
  service: Service | null
  hosts: { host: string; port: number | undefined }[] | undefined
  /** Plain prefixes or regexes, never both; undefined where the route names no path. */
  prefixes: string[] | undefined
  regexes: PathRegex[] | undefined
  /** The conditions besides host and path. */
  accepts(request: RouterRequest): boolean
}

/** What the candidates of a router have in common: one of it stays in the processor's caches where thousands would not. */
export interface Shared {
  /** Of path regexes, what follows their literal beginnings. */
  endings: Map<string, Regex>
  methods: Map<string, Condition>
}

export interface PathGroup {
  id: string
  paths: string[] | undefined
}

export function candidate(
  route: Route,
  service: Service | null,
  { id, paths }: PathGroup,
  { endings, methods }: Shared,
): Candidate {
  const regex = paths?.[0]?.startsWith('~') ?? false
  const hosts = given(route.hosts)
  const headers = Object.entries(route.headers ?? {})
  const kinds = [given(route.methods), hosts, given(headers), given(paths), given(route.snis)]
  return {
    id,
    route,
    service,
    priority: priority({
      kinds: kinds.filter((kind) => kind !== undefined).length,
      // Kong asks whether there is a list of hosts, not whether there is anything in it.
      plainHostsOnly: route.hosts?.every((host) => !host.includes('*')) ?? false,
      headers: headers.length,
      regexPriority: regex ? route.regex_priority : undefined,
      pathLength: regex || paths === undefined ? 0 : toBytes(paths[0] as string).length,
    }),
    hosts: hosts?.map(splitPort),
    prefixes: regex ? undefined : paths?.map(toBytes),
    regexes: regex ? paths?.map((path) => compilePathRegex(path.slice(1), endings)) : undefined,
    accepts: allOf([methodIn(given(route.methods), methods), ...headers.map(headerIs), sniIn(given(route.snis))]),
  }
}

function given<Item>(list: Item[] | null | undefined): Item[] | undefined {
  return list && list.length > 0 ? list : undefined
}

function splitPort(host: string): { host: string; port: number | undefined } {
  const [, name, port] = /^([^:]*):(\d+)$/.exec(host) ?? []
  return name === undefined ? { host, port: undefined } : { host: name, port: Number(port) }
}
