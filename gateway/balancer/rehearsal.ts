import { validate } from '../declarative/validate.ts'
import type { Entities } from '../entities.ts'
import type { Exchange } from '../exchange.ts'
import { HeaderList } from '../http1/header-list.ts'
import { silent } from '../proxy/rehearsal.ts'
import { type BalancerMemory, createBalancer } from './balancer.ts'
import { createNodeHealth } from './health-checks.ts'
import { createHealthView, type HealthView } from './health-view.ts'
import type { Peer } from './peer.ts'

const addresses: Record<string, string[]> = { 'two.test': ['10.8.0.1', '10.8.0.2'] }
const known = (host: string) => (/^[\d.]+$/.test(host) ? [host] : (addresses[host] ?? ['10.9.9.9']))
const resolver = {
  known,
  resolve: (host: string) => (host === 'gone.test' ? Promise.reject(new Error('nowhere')) : known(host)),
}

export function declare(url: string, upstream: object | undefined): Entities {
  const upstreams = upstream ? [{ name: 'backend', ...upstream }] : []
  const { entities, errors } = validate({ _format_version: '3.0', services: [{ name: 'one', url }], upstreams })
  if (!entities) throw new Error(JSON.stringify(errors))
  return entities
}

export interface Sent {
  headers?: Record<string, string | string[]>
  query?: string
  path?: string
  ip?: string
  consumer?: string
  captures?: Record<string, string>
}

export function exchangeOf({ headers = {}, query, path = '/', ip = '10.1.1.1', consumer, captures = {} }: Sent = {}) {
  const list = new HeaderList()
  for (const [name, value] of Object.entries(headers)) for (const line of [value].flat()) list.append(name, line)
  const exchange: Partial<Exchange> = {
    request: { headers: list, query, path } as Exchange['request'],
    client: { ip, port: 1 },
    consumer: consumer === undefined ? undefined : ({ id: consumer } as Exchange['consumer']),
    match: { captures } as Exchange['match'],
  }
  return exchange as Exchange
}

/** For tests: a balancer with the health of its targets, as a worker and its node have them. */
export function balancerOf(url: string, upstream?: object, memory: BalancerMemory = new Map()) {
  const entities = declare(url, upstream)
  const view: HealthView = createHealthView((report) => health.report(report))
  const health = createNodeHealth({ resolver, log: silent, onChange: (notice) => view.take(notice) })
  health.load(entities, new Map())
  const balancer = createBalancer({ entities, certificates: new Map(), resolver, health: view, memory })
  const service = entities.services[0] as Entities['services'][0]
  const peers = (sent?: Sent) => balancer.peersFor(service, exchangeOf(sent))
  /** The target of a request of which no more is known. */
  const one = (sent?: Sent) => (peers(sent).next() as Peer).host
  const answered = (status: number) => {
    const course = peers()
    const { host } = course.next() as Peer
    course.ended(status)
    return host
  }
  return { peers, one, answered, health, balancer, service }
}

export const three = { targets: ['10.0.0.1:81', '10.0.0.2:81', '10.0.0.3:81'].map((target) => ({ target })) }
export const many = (times: number, what: (at: number) => string) => Array.from({ length: times }, (_, at) => what(at))
