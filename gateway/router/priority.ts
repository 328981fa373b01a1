/** What of a route counts for its place among the others. All paths of it are of one length, or all are regexes. */
export interface Conditions {
  /** How many kinds of conditions the route has: methods, hosts, headers, paths, snis. */
  kinds: number
  plainHostsOnly: boolean
  headers: number
  regexPriority: number | undefined
  pathLength: number
}

const plainHosts = 1n << 60n
const regexPath = 1n << 51n
const highest = 1n << 63n

/**
 * The place of a route, the greatest first, as the arithmetic of Kong 3.9 gives it. Kinds, headers and regex_priority are
 * shifted there as 32-bit numbers and only then joined with the two 64-bit flags. So a route of plain hosts only comes before
 * any other and a regex path before any plain one, even where the other has more kinds of conditions; from four kinds on,
 * the sign bit of the 32-bit number becomes the highest bit of all.
 */
export function priority({ kinds, plainHostsOnly, headers, regexPriority, pathLength }: Conditions): bigint {
  const numbers = [kinds << 29, Math.min(headers, 255) << 20, (regexPriority ?? 0) << 19, pathLength & 0x7ffff]
  if (!plainHostsOnly && regexPriority === undefined) return widened(numbers.reduce((all, one) => all | one))
  const flags = (plainHostsOnly ? plainHosts : 0n) | (regexPriority === undefined ? 0n : regexPath)
  return numbers.map(widened).reduce((all, one) => all | one, flags)
}

function widened(number: number): bigint {
  return number < 0 ? highest : BigInt(number)
}
