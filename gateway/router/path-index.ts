import type { RouteMatch } from '../exchange.ts'
import type { Candidate } from './candidate.ts'
import type { RouterRequest } from './conditions.ts'
import type { Captured, PathRegex } from './path-regex.ts'
import { PrefixIndex } from './prefix-index.ts'

export interface Entry {
  /** The place of the candidate among all; the least wins. */
  rank: number
  candidate: Candidate
  /** The port that the candidate asks for beside the host under which the entry stands. */
  port: number | undefined
}

/** The best match so far; every index that is asked may improve it. */
export interface Search {
  request: RouterRequest
  rank: number
  match: RouteMatch | undefined
}

/** Entries by the beginning of their paths; of a regex that is what stands before its first special character. */
export class PathIndex {
  readonly #index: PrefixIndex<Entry[]>

  /** `entries` by ascending rank. */
  constructor(entries: Entry[]) {
    const byPrefix = new Map<string, Entry[]>()
    for (const entry of entries) {
      for (const prefix of beginnings(entry.candidate)) {
        const list = byPrefix.get(prefix)
        if (list) list.push(entry)
        else byPrefix.set(prefix, [entry])
      }
    }
    this.#index = new PrefixIndex(byPrefix)
  }

  improve(search: Search): void {
    for (let at = this.#index.longest(search.request.path); at >= 0; at = this.#index.parent(at)) {
      tryEntries(this.#index.value(at), this.#index.prefix(at), search)
    }
  }
}

function beginnings({ prefixes, regexes }: Candidate): Set<string> {
  return new Set(prefixes ?? regexes?.map(({ prefix }) => prefix) ?? [''])
}

function tryEntries(entries: Entry[], prefix: string, search: Search): void {
  const { request } = search
  for (const { rank, candidate, port } of entries) {
    if (rank >= search.rank) return
    if (port !== undefined && port !== request.port) continue
    if (!candidate.accepts(request)) continue
    const found = candidate.regexes ? matchRegexes(candidate.regexes, request.path) : asItStands(prefix)
    if (found === undefined) continue
    const { matched, captures, groups } = found
    search.rank = rank
    search.match = { route: candidate.route, service: candidate.service, matchedPath: matched, captures, groups }
    return
  }
}

const NO_CAPTURES: Record<string, string> = {}
const NO_GROUPS: readonly string[] = []

/** A plain path is the very prefix that its entry stands under. */
const asItStands = (matched: string): Captured => ({ matched, captures: NO_CAPTURES, groups: NO_GROUPS })

function matchRegexes(regexes: readonly PathRegex[], path: string): Captured | undefined {
  for (const regex of regexes) {
    const found = regex.exec(path)
    if (found) return found
  }
  return undefined
}
