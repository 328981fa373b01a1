import type { Route, Service } from '../entities.ts'
import type { HeaderList } from '../http1/header-list.ts'
import { toBytes } from './normalise.ts'
import { compilePathRegex, compileRegex, type PathRegex } from './path-regex.ts'
import { priority } from './priority.ts'

export interface RouterRequest {
  method: string
  /** The Host header's value without its port; undefined where there is none. */
  host: string | undefined
  /** The port that Host names, else the one that the request came in on. */
  port: number
  /** Normalised (see normalise.ts). */
  path: string
  scheme: 'http' | 'https'
  headers: HeaderList
  sni?: string | undefined
}

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

export interface PathGroup {
  id: string
  paths: string[] | undefined
}

export function candidate(route: Route, service: Service | null, { id, paths }: PathGroup): Candidate {
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
    regexes: regex ? paths?.map((path) => compilePathRegex(path.slice(1))) : undefined,
    accepts: allOf([methodIn(given(route.methods)), ...headers.map(headerIs), sniIn(given(route.snis))]),
  }
}

function given<Item>(list: Item[] | null | undefined): Item[] | undefined {
  return list && list.length > 0 ? list : undefined
}

function splitPort(host: string): { host: string; port: number | undefined } {
  const [, name, port] = /^([^:]*):(\d+)$/.exec(host) ?? []
  return name === undefined ? { host, port: undefined } : { host: name, port: Number(port) }
}

type Condition = (request: RouterRequest) => boolean

function allOf(conditions: (Condition | undefined)[]): Condition {
  const real = conditions.filter((condition) => condition !== undefined)
  if (real.length === 0) return () => true
  if (real.length === 1) return real[0] as Condition
  return (request) => real.every((condition) => condition(request))
}

function methodIn(methods: string[] | undefined): Condition | undefined {
  return methods && (({ method }) => methods.includes(method))
}

/** `x_plan` in the request stands for X-Plan; where both are sent, Kong looks at `x_plan` alone. Values are compared in lower case. */
function headerIs([name, wanted]: [string, string[]]): Condition {
  const underscored = name.toLowerCase().replaceAll('-', '_')
  const dashed = underscored.replaceAll('_', '-')
  const tests = wanted.map(valueIs)
  return ({ headers }) => {
    const values = headers.getAll(headers.has(underscored) ? underscored : dashed)
    return values.some((value) => tests.some((test) => test(value.toLowerCase())))
  }
}

function valueIs(wanted: string): (value: string) => boolean {
  const lower = wanted.toLowerCase()
  if (!lower.startsWith('~*')) return (value) => value === lower
  const regex = compileRegex(lower.slice(2))
  return (value) => regex.test(value)
}

function sniIn(snis: string[] | undefined): Condition | undefined {
  if (snis === undefined) return undefined
  const tests = snis.map((sni) => {
    const name = sni.length > 1 && sni.endsWith('.') ? sni.slice(0, -1) : sni
    if (name.startsWith('*')) return (sent: string) => sent.endsWith(name.slice(1))
    if (name.endsWith('*')) return (sent: string) => sent.startsWith(name.slice(0, -1))
    return (sent: string) => sent === name
  })
  return ({ scheme, sni }) => scheme !== 'https' || (sni !== undefined && tests.some((test) => test(sni)))
}
