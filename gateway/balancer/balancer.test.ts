import { expect } from 'chai'
import { validate } from '../declarative/validate.ts'
import type { Exchange } from '../exchange.ts'
import { createBalancer } from './balancer.ts'
import { NoPeer } from './peer.ts'

const resolver = { resolve: (host: string) => (/^[\d.]+$/.test(host) ? [host] : ['10.9.9.9']) }
const exchange = {} as Exchange

function peersOf(url: string, upstream: object | undefined) {
  const upstreams = upstream ? [{ name: 'backend', ...upstream }] : []
  const { entities } = validate({ _format_version: '3.0', services: [{ name: 'one', url }], upstreams })
  const service = entities?.services[0]
  if (!entities || !service) throw new Error('the test declares a config that is refused')
  return createBalancer(entities, resolver).peersFor(service, exchange)
}

describe('choosing a peer', () => {
  it('goes to the host of the service', () => {
    expect(peersOf('http://shop.test:8080', undefined)()).to.include({
      ip: '10.9.9.9',
      port: 8080,
      host: 'shop.test:8080',
      tls: undefined,
    })
  })

  it('leaves a default port out of the Host header', () => {
    expect(peersOf('http://shop.test', undefined)()).to.include({ port: 80, host: 'shop.test' })
    expect(peersOf('https://shop.test', undefined)()).to.include({ port: 443, host: 'shop.test' })
    expect(peersOf('http://shop.test:443', undefined)()).to.include({ host: 'shop.test:443' })
  })

  it('names the host for TLS, but never an address', () => {
    expect(peersOf('https://shop.test', undefined)()).to.deep.include({
      tls: { serverName: 'shop.test', verify: false },
    })
    expect(peersOf('https://10.0.0.1', undefined)()).to.deep.include({ tls: { serverName: '', verify: false } })
  })

  it('takes the targets of an upstream of that name in turn, whatever the port of the service', () => {
    const next = peersOf('http://backend:1234', { targets: [{ target: '10.0.0.1:81' }, { target: '10.0.0.2' }] })
    const hosts = [next(), next(), next()].map((peer) => 'host' in peer && peer.host)
    expect(hosts).to.deep.equal(['10.0.0.1:81', '10.0.0.2:8000', '10.0.0.1:81'])
  })

  it('says the host_header of an upstream instead of the target', () => {
    const next = peersOf('http://backend', { host_header: 'inner.test', targets: [{ target: '10.0.0.1:81' }] })
    expect(next()).to.include({ ip: '10.0.0.1', host: 'inner.test:81' })
  })

  it('finds nobody where no target has weight', () => {
    expect(peersOf('http://backend', { targets: [] })).to.throw(NoPeer, 'failure to get a peer from the ring-balancer')
    expect(peersOf('http://backend', { targets: [{ target: '10.0.0.1:81', weight: 0 }] })).to.throw(NoPeer)
  })
})
