import type { RouteMatch } from '../exchange.ts'
import type { Candidate } from './candidate.ts'
import type { RouterRequest } from './conditions.ts'
import { PathIndex, type Placed, type Search } from './path-index.ts'

/** Routes by what they ask of the host: a request looks into one map entry for each label of its host, never at all routes. */
export class HostIndex {
  readonly #exact: Map<string, PathIndex>
  /** `.example.test` of `*.example.test`. */
  readonly #suffixes: Map<string, PathIndex>
  /** `example.` of `example.*`. */
  readonly #prefixes: Map<string, PathIndex>
  readonly #any: PathIndex

  /** `candidates` in the order in which they are tried. */
  constructor(candidates: Candidate[]) {
    const exact: Bucket[] = []
    const suffixes: Bucket[] = []
    const prefixes: Bucket[] = []
    const any: Placed[] = []
    for (const [rank, candidate] of candidates.entries()) {
      if (!candidate.hosts) any.push({ rank, candidate, port: undefined })
      for (const { host, port } of candidate.hosts ?? []) {
        const placed = { rank, candidate, port }
        if (host.startsWith('*')) suffixes.push([host.slice(1), placed])
        else if (host.endsWith('*')) prefixes.push([host.slice(0, -1), placed])
        else exact.push([host, placed])
      }
    }
    this.#exact = grouped(exact)
    this.#suffixes = grouped(suffixes)
    this.#prefixes = grouped(prefixes)
    this.#any = new PathIndex(any)
  }

  match(request: RouterRequest): RouteMatch | undefined {
    const search: Search = { request, rank: Number.POSITIVE_INFINITY, match: undefined }
    if (request.host !== undefined) this.#byHost(request.host, search)
    this.#any.improve(search)
    return search.match
  }

  #byHost(host: string, search: Search): void {
    this.#exact.get(host)?.improve(search)
    if (this.#suffixes.size === 0 && this.#prefixes.size === 0) return
    for (let dot = host.indexOf('.'); dot >= 0; dot = host.indexOf('.', dot + 1)) {
      this.#suffixes.get(host.slice(dot))?.improve(search)
      this.#prefixes.get(host.slice(0, dot + 1))?.improve(search)
    }
  }
}

type Bucket = [host: string, placed: Placed]

function grouped(buckets: Bucket[]): Map<string, PathIndex> {
  const byHost = Map.groupBy(buckets, ([host]) => host)
  return new Map([...byHost].map(([host, list]) => [host, new PathIndex(list.map(([, placed]) => placed))]))
}
