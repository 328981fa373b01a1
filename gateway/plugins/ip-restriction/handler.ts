import { BlockList, isIPv6 } from 'node:net'
import { errorAnswer } from '../../error-answer.ts'
import type { Plugin } from '../../plugin.ts'

interface Config {
  allow: string[] | null
  deny: string[] | null
  status: number | null
  message: string | null
}

type AddressCheck = (ip: string) => boolean

const familyOf = (address: string) => (isIPv6(address) ? 'ipv6' : 'ipv4')

/** Undefined for an empty list, which restricts nothing. */
function listed(ranges: string[] | null): AddressCheck | undefined {
  if (!ranges?.length) return undefined
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

interface Prepared {
  isAllowed: AddressCheck | undefined
  isDenied: AddressCheck | undefined
  status: number
  message: string | undefined
}

export const handler: Plugin<Config, Prepared> = {
  name: 'ip-restriction',
  priority: 990,

  prepare: ({ allow, deny, status, message }) => ({
    isAllowed: listed(allow),
    isDenied: listed(deny),
    status: status ?? 403,
    message: message ?? undefined,
  }),

  access({ isAllowed, isDenied, status, message }, exchange) {
    const { ip } = exchange.client
    if (!isDenied?.(ip) && (isAllowed?.(ip) ?? true)) return undefined
    return errorAnswer(exchange, status, message ?? `IP address not allowed: ${ip}`)
  },
}
