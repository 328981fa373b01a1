import { BlockList, isIPv6 } from 'node:net'

const familyOf = (address: string) => (isIPv6(address) ? 'ipv6' : 'ipv4')

/** Whether an address is in one of these, each an address or a CIDR block. */
export function inRanges(ranges: readonly string[]): (ip: string) => boolean {
  // One list for each family: within one, `::/0` would take every IPv4 address as well.
  const lists = { ipv4: new BlockList(), ipv6: new BlockList() }
  for (const range of ranges) {
    const [address = '', bits] = range.split('/')
    const family = familyOf(address)
    if (bits === undefined) lists[family].addAddress(address, family)
    else lists[family].addSubnet(address, Number(bits), family)
  }
  return (ip) => {
    const family = familyOf(ip)
    return lists[family].check(ip, family)
  }
}
