import { isIPv6 } from 'node:net'

const GROUPS = 8

/**
 * What failures from an address count against: an IPv4 address, also where it comes mapped to IPv6 (RFC 4291 §2.5.5.2), or
 * the 64 bits that name an IPv6 network (§2.5.4), within which whoever has one address has as many as they like.
 */
export function countedAddress(address: string): string {
  const [bare = ''] = address.split('%')
  if (!isIPv6(bare)) return address
  const groups = groupsOf(bare)
  if (groups.slice(0, 6).join(':') === '0:0:0:0:0:ffff') return ipv4Of(groups.slice(6))
  return `${groups.slice(0, 4).join(':')}::/64`
}

/** The eight groups of an address in whatever way of writing; a URL knows them all and writes one (RFC 5952). */
function groupsOf(address: string): string[] {
  const written = new URL(`http://[${address}]`).hostname.slice(1, -1)
  const [left = [], right = []] = written.split('::').map((part) => part.split(':').filter(Boolean))
  return [...left, ...Array<string>(GROUPS - left.length - right.length).fill('0'), ...right]
}

const ipv4Of = (groups: string[]): string =>
  groups
    .map((group) => Number.parseInt(group, 16))
    .flatMap((bits) => [bits >> 8, bits & 0xff])
    .join('.')
