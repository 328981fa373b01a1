import { expect } from 'chai'
import { createBalancerMemory } from './memory.ts'
import { NoPeer, type Peer } from './peer.ts'
import { balancerOf, many, three } from './rehearsal.ts'

describe('choosing a peer', () => {
  it('goes to the host of the service', () => {
    expect(balancerOf('http://shop.test:8080').peers().next()).to.include({
      ip: '10.9.9.9',
      port: 8080,
      host: 'shop.test:8080',
      tls: undefined,
    })
  })

  it('leaves a default port out of the Host header', () => {
    expect(balancerOf('http://shop.test').peers().next()).to.include({ port: 80, host: 'shop.test' })
    expect(balancerOf('https://shop.test').peers().next()).to.include({ port: 443, host: 'shop.test' })
    expect(balancerOf('http://shop.test:443').peers().next()).to.include({ host: 'shop.test:443' })
  })

  it('names the host for TLS, but never an address', () => {
    expect((balancerOf('https://shop.test').peers().next() as Peer).tls).to.include({ servername: 'shop.test' })
    expect((balancerOf('https://10.0.0.1').peers().next() as Peer).tls).to.include({ servername: '' })
  })

  it('takes the targets of an upstream of that name in turn, whatever the port of the service', () => {
    const { one } = balancerOf('http://backend:1234', { targets: [{ target: '10.0.0.1:81' }, { target: '10.0.0.2' }] })
    expect(many(3, () => one())).to.deep.equal(['10.0.0.1:81', '10.0.0.2:8000', '10.0.0.1:81'])
  })

  it('says the host_header of an upstream instead of the target', () => {
    const { peers } = balancerOf('http://backend', { host_header: 'inner.test', targets: [{ target: '10.0.0.1:81' }] })
    expect(peers().next()).to.include({ ip: '10.0.0.1', host: 'inner.test:81' })
  })

  it('finds nobody where no target has weight', () => {
    for (const targets of [[], [{ target: '10.0.0.1:81', weight: 0 }]])
      expect(() => balancerOf('http://backend', { targets }).peers().next()).to.throw(
        NoPeer,
        'failure to get a peer from the ring-balancer',
      )
  })

  it('passes over a target whose name leads nowhere', async () => {
    const { peers } = balancerOf('http://backend', { targets: [{ target: 'gone.test:81' }, { target: '10.0.0.1:81' }] })
    expect(await peers().next()).to.include({ ip: '10.0.0.1' })
    expect(await Promise.resolve(peers().next())).to.include({ ip: '10.0.0.1' })
  })

  it('finds nobody where all names lead nowhere', async () => {
    const { peers } = balancerOf('http://backend', { targets: [{ target: 'gone.test:81' }] })
    const failure = await Promise.resolve(peers().next()).catch((error: Error) => error)
    expect(failure).to.be.instanceOf(NoPeer).and.include({ status: 503 })
  })

  it('takes the addresses of a name in turn, each with the whole weight of the target', () => {
    const targets = [{ target: 'two.test:81' }, { target: '10.0.0.1:81' }]
    const { peers } = balancerOf('http://backend', { targets })
    const ips = many(6, () => (peers().next() as Peer).ip).sort()
    expect(ips).to.deep.equal(['10.0.0.1', '10.0.0.1', '10.8.0.1', '10.8.0.1', '10.8.0.2', '10.8.0.2'])
  })

  it('goes where SRV records lead, by their ports and weights, in the name of the target', () => {
    const targets = [{ target: 'srv.test:81', weight: 1 }]
    const { one, peers } = balancerOf('http://backend', { targets })
    expect(peers().next()).to.include({ ip: '10.7.0.1', port: 91 })
    expect(many(8, () => one()).sort()).to.deep.equal([
      ...many(6, () => 'srv.test:91'),
      ...many(2, () => 'srv.test:92'),
    ])
    const named = balancerOf('http://backend', { targets, use_srv_name: true })
    expect(named.one()).to.equal('one.srv.test:91')
  })

  it('goes on in turn after a reload', () => {
    const memory = createBalancerMemory()
    expect(balancerOf('http://backend', three, memory).one()).to.equal('10.0.0.1:81')
    expect(balancerOf('http://backend', three, memory).one()).to.equal('10.0.0.2:81')
  })
})
