import { validate } from '../declarative/validate.ts'
import type { Entities } from '../entities.ts'
import type { Exchange } from '../exchange.ts'
import { HeaderList } from '../http1/header-list.ts'
import { silent } from '../proxy/rehearsal.ts'
import { createBalancer } from './balancer.ts'
import { createNodeHealth } from './health-checks.ts'
import { createHealthView, type HealthView } from './health-view.ts'
import { createBalancerMemory } from './memory.ts'
import type { Found } from './name-service.ts'
import type { Peer } from './peer.ts'

/** What names stand for; any other stands for one address. */
const answers = new Map<string, Found[]>([
  ['two.test', [{ ip: '10.8.0.1' }, { ip: '10.8.0.2' }]],
  [
    'srv.test',
    [
      { ip: '10.7.0.1', port: 91, weight: 30, name: 'one.srv.test' },
      { ip: '10.7.0.2', port: 92, weight: 10, name: 'two.srv.test' },
    ],
  ],
])

function resolve(host: string): Found[] | Promise<Found[]> {
  if (host === 'gone.test') return Promise.reject(new Error('nowhere'))
  const found = answers.get(host) ?? [{ ip: /^[\d.]+$/.test(host) ? host : '10.9.9.9' }]
  answers.set(host, found)
  return found
}

const resolver = { resolve }

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
    request: { headers: list, path } as Exchange['request'],
    client: { ip, port: 1 },
    consumer: consumer === undefined ? undefined : ({ id: consumer } as Exchange['consumer']),
    match: { captures, route: { preserve_host: false } } as Exchange['match'],
    upstream: { headers: list, query, host: undefined } as Exchange['upstream'],
  }
  return exchange as Exchange
}

/** For tests: a balancer with the health of its targets, as a worker and its node have them. */
export function balancerOf(url: string, upstream?: object, memory = createBalancerMemory()) {
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
