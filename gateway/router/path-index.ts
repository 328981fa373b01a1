import type { RouteMatch } from '../exchange.ts'
import type { Candidate } from './candidate.ts'
import type { Condition, RouterRequest } from './conditions.ts'
import type { PathRegex } from './path-regex.ts'
import { PrefixIndex } from './prefix-index.ts'

/** A candidate under one of the hosts that it asks for. */
export interface Placed {
  /** The place of the candidate among all; the least wins. */
  rank: number
  candidate: Candidate
  /** The port that the candidate asks for beside the host. */
  port: number | undefined
}

/** The best match so far; every index that is asked may improve it. */
export interface Search {
  request: RouterRequest
  rank: number
  match: RouteMatch | undefined
}

/** What is placed, by the beginning of its paths; of a regex that is what stands before its first special character. */
export class PathIndex {
  readonly #index: PrefixIndex<Entry>

  /** `placed` by ascending rank. */
  constructor(placed: Placed[]) {
    const byPrefix = new Map<string, Entry>()
    for (const one of placed.toReversed())
      for (const prefix of beginnings(one.candidate)) byPrefix.set(prefix, entryOf(one, prefix, byPrefix.get(prefix)))
    this.#index = new PrefixIndex(byPrefix)
  }

  improve(search: Search): void {
    for (let at = this.#index.longest(search.request.path); at >= 0; at = this.#index.parent(at))
      tryEntries(this.#index.value(at), search)
  }
}

function beginnings({ prefixes, regexes }: Candidate): Set<string> {
  return new Set(prefixes ?? regexes?.map(({ prefix }) => prefix) ?? [''])
}

/**
 * A candidate under one beginning of its paths. All that decides is in the one object: where thousands are met in no order, each
 * further one costs as much as the whole walk to the first.
 */
interface Entry {
  rank: number
  port: number | undefined
  accepts: Condition
  regexes: readonly PathRegex[] | undefined
  /** Of a plain path: the very prefix that the entry stands under. */
  match: RouteMatch
  /** The one with the next greater rank under the same beginning. */
  next: Entry | undefined
}

const NO_CAPTURES: Record<string, string> = {}
const NO_GROUPS: readonly string[] = []

function entryOf({ rank, port, candidate }: Placed, matchedPath: string, next: Entry | undefined): Entry {
  const { route, service, regexes, accepts } = candidate
  const match = { route, service, matchedPath, captures: NO_CAPTURES, groups: NO_GROUPS }
  return { rank, port, accepts, regexes, match, next }
}

function tryEntries(first: Entry, search: Search): void {
  const { request } = search
  for (let entry: Entry | undefined = first; entry !== undefined; entry = entry.next) {
    const { rank, port, regexes } = entry
    if (rank >= search.rank) return
    if (port !== undefined && port !== request.port) continue
    if (!entry.accepts(request)) continue
    const match = regexes ? matchRegexes(regexes, request.path, entry.match) : entry.match
    if (match === undefined) continue
    search.rank = rank
    search.match = match
    return
  }
}

function matchRegexes(
  regexes: readonly PathRegex[],
  path: string,
  { route, service }: RouteMatch,
): RouteMatch | undefined {
  for (const regex of regexes) {
    const found = regex.exec(path)
    if (found) return { route, service, matchedPath: found.matched, captures: found.captures, groups: found.groups }
  }
  return undefined
}
