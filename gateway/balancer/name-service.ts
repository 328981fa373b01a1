import { lookup, Resolver } from 'node:dns/promises'

/** What a name stands for; `port` and `weight` where SRV records give them, and then the name that they lead to. */
export interface Found {
  ip: string
  port?: number
  weight?: number
  name?: string
}

export interface ServiceRecord {
  name: string
  port: number
  priority: number
  weight: number
}

/** Who is asked about names. Each rejects, or gives nothing, where there is nothing. */
export interface NameService {
  addresses(host: string): Promise<{ address: string; family: number }[]>
  services(host: string): Promise<ServiceRecord[]>
  /** For how many seconds the addresses may be used; undefined where nobody says. */
  timeToLive(host: string): Promise<number | undefined>
}

/** Kong's defaults of resolv.conf: milliseconds, and how often a server is asked. */
const PATIENCE = { timeout: 2_000, tries: 2 }

/** Addresses by the system's rules (hosts file, search domains), which tell no time to live: DNS itself is asked for that. */
export function systemNameService(): NameService {
  const dns = new Resolver(PATIENCE)
  return {
    addresses: (host) => lookup(host, { all: true }),
    services: (host) => dns.resolveSrv(host),
    async timeToLive(host) {
      const records = await dns.resolve4(host, { ttl: true })
      return records.length > 0 ? Math.min(...records.map(({ ttl }) => ttl)) : undefined
    },
  }
}

/** The addresses of a name: those of its SRV records where it has any, else its own. Rejects where it leads nowhere. */
export async function find(host: string, names: NameService): Promise<Found[]> {
  const records = await recordsOf(host, names)
  if (records.length === 0) return (await preferred(host, names)).map((ip) => ({ ip }))
  const found = await Promise.all(records.map((record) => led(record, names)))
  return found.flat()
}

/** Of the first priority; a name without a dot is a host of this network and no service. */
async function recordsOf(host: string, names: NameService): Promise<ServiceRecord[]> {
  if (!host.includes('.')) return []
  const records = await names.services(host).catch(() => [])
  const first = Math.min(...records.map(({ priority }) => priority))
  return records.filter(({ priority }) => priority === first)
}

/** As in Kong, a weight of 0 is hardly any, but not none. */
async function led({ name, port, weight }: ServiceRecord, names: NameService): Promise<Found[]> {
  const ips = await preferred(name, names).catch(() => [])
  return ips.map((ip) => ({ ip, port, weight: Math.max(1, weight), name }))
}

/** IPv4 addresses where there are any, as in Kong's `dns_order`; in an order that does not change with every answer. */
async function preferred(host: string, names: NameService): Promise<string[]> {
  const found = await names.addresses(host)
  const short = found.filter(({ family }) => family === 4)
  return (short.length > 0 ? short : found).map(({ address }) => address).sort()
}
