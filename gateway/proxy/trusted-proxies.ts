import { isIP, SocketAddress } from 'node:net'
import { inRanges } from '../address-ranges.ts'
import type { HeaderList } from '../http1/header-list.ts'
import { plainAddress } from './entry.ts'

/** Which proxies before us are believed, and where they say for whom they ask: Kong's `trusted_ips` and `real_ip_*`. */
export interface TrustedProxiesConfig {
  /** Addresses and CIDR blocks. */
  addresses: readonly string[]
  /** A field name in lower case. */
  header: string
  /** Whether an address that is trusted itself was only another proxy, so that the one before it counts. */
  recursive: boolean
}

export interface ClientAddress {
  ip: string
  /** 0 where it is not known. */
  port: number
}

export interface TrustedProxies {
  trusts(ip: string): boolean
  /** For whom a trusted address asks; itself where it names nobody. */
  clientOf(remote: ClientAddress, fields: HeaderList): ClientAddress
}

/** As nginx's realip module does it: from the end of the list, where the proxy that is connected to us has put its client. */
export function createTrustedProxies({ addresses, header, recursive }: TrustedProxiesConfig): TrustedProxies {
  const trusts = inRanges(addresses)
  /** Of X-Forwarded-For every line counts, of any other field the first. */
  const listIn = (fields: HeaderList) =>
    header === 'x-forwarded-for' ? fields.getAll(header).join() : (fields.get(header) ?? '')
  return {
    trusts,
    clientOf(remote, fields) {
      let client = remote
      for (const named of listIn(fields).split(/[ ,]+/).filter(Boolean).reverse()) {
        const before = parseAddress(named)
        if (before === undefined) break
        client = before
        if (!recursive || !trusts(client.ip)) break
      }
      return client
    },
  }
}

/** `192.0.2.1`, `192.0.2.1:80`, `2001:db8::1` or `[2001:db8::1]:80`; one address is always written in one way. */
function parseAddress(text: string): ClientAddress | undefined {
  const [, bracketed, plain, port = '0'] = /^(?:\[(.+)\]|([^:]+)):(\d{1,5})$/.exec(text) ?? []
  const address = bracketed ?? plain ?? text
  const version = address.includes('%') ? 0 : isIP(address)
  if (version === 0 || Number(port) > 65_535) return undefined
  const written = new SocketAddress({ address, family: version === 6 ? 'ipv6' : 'ipv4' }).address
  return { ip: plainAddress(written), port: Number(port) }
}
