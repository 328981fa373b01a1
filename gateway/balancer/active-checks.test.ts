import type { AddressInfo } from 'node:net'
import tls from 'node:tls'
import { expect } from 'chai'
import { until } from '../../dev/stack/until.ts'
import { validate } from '../declarative/validate.ts'
import { OK, onRequest, silent, startUpstream } from '../proxy/rehearsal.ts'
import { createMint } from '../proxy/test-certificates.ts'
import { createNodeHealth, type NodeHealth } from './health-checks.ts'
import { createResolver } from './resolver.ts'

const interval = 0.05
const patience = { within: 5_000, what: 'the check to see it' }

interface Checked {
  host?: string
  port?: number
  certificates?: object[]
  host_header?: string
  client_certificate?: { id: string }
}

describe('active health checks', () => {
  let upstream: Awaited<ReturnType<typeof startUpstream>>
  let heads: string[]
  /** What the target does with a check; undefined: it keeps silent. */
  let answer: string | undefined
  let health: NodeHealth

  beforeEach(async () => {
    heads = []
    answer = OK
    upstream = await startUpstream((socket) =>
      onRequest(socket, (head) => {
        heads.push(head)
        if (answer !== undefined) socket.end(answer)
      }),
    )
    health = createNodeHealth({ resolver: createResolver(), log: silent, onChange: () => undefined })
  })

  afterEach(async () => {
    health.close()
    await upstream.stop()
  })

  function check(active: object, { host = '127.0.0.1', port = upstream.port, certificates, ...more }: Checked = {}) {
    const target = `${host}:${port}`
    const upstreams = [{ name: 'u', targets: [{ target }], healthchecks: { active }, ...more }]
    const { entities, errors } = validate({ _format_version: '3.0', upstreams, certificates })
    if (!entities) throw new Error(JSON.stringify(errors))
    health.load(entities, new Map(entities.certificates.map((certificate) => [certificate.id, certificate])))
  }

  const condition = async () => (await health.status())[0]?.targets[0]?.health
  const becomes = (wanted: string) => until(async () => (await condition()) === wanted, patience)
  const down = { interval, successes: 1 }
  const up = (limits: object) => ({ interval, ...limits })

  it('ask for the path, with the headers and the host', async () => {
    const headers = { 'X-Check': ['yes'] }
    check({ http_path: '/alive', headers, healthy: { interval } }, { host: 'localhost', host_header: 'inner.test' })
    await until(() => heads.length > 1, patience)
    // lua-resty-healthcheck 3.1.0, run_single_check
    expect(heads[0]).to.equal('GET /alive HTTP/1.0\r\nX-Check: yes\r\nHost: inner.test\r\n\r\n')
  })

  const failures: [string, string | undefined, object][] = [
    ['answers with a bad status', 'HTTP/1.1 500 Oh\r\n\r\n', { http_failures: 2 }],
    ['answers no HTTP', 'SSH-2.0-OpenSSH_9.2\r\n', { http_failures: 1 }],
    ['keeps silent', undefined, { timeouts: 1 }],
    ['hangs up', '', { tcp_failures: 1 }],
  ]
  for (const [what, bad, limits] of failures)
    it(`find a target that ${what}, and see it recover`, async () => {
      check({ timeout: 0.1, healthy: down, unhealthy: up(limits) })
      answer = bad
      await becomes('UNHEALTHY')
      answer = OK
      await becomes('HEALTHY')
    })

  it('find a target that refuses', async () => {
    check({ healthy: down, unhealthy: up({ tcp_failures: 1 }) })
    await upstream.stop()
    await becomes('UNHEALTHY')
  })

  // kong/runloop/balancer/healthcheckers.lua, create_healthchecker: for http the intervals of `tcp` become 0.
  it('are not made over tcp, which is for streams', async () => {
    const targets = [{ target: `127.0.0.1:${upstream.port}` }]
    const checked = (type: string) => ({ name: type, targets, healthchecks: { active: { type, healthy: down } } })
    const { entities } = validate({ _format_version: '3.0', upstreams: [checked('tcp'), checked('http')] })
    health.load(entities as NonNullable<typeof entities>, new Map())
    await until(() => heads.length >= 4, patience)
    expect(upstream.accepted()).to.be.at.most(heads.length + 1)
  })

  it('verify a target over https unless told not to, and show the certificate of the upstream', async () => {
    const mint = createMint()
    const [{ cert, key }, own] = [mint.mint('localhost'), mint.mint('gateway.test')]
    mint.remove()
    const clients: unknown[] = []
    const server = tls.createServer({ cert, key, requestCert: true, rejectUnauthorized: false }, (socket) => {
      clients.push(socket.getPeerCertificate().subject?.CN)
      onRequest(
        socket.on('error', () => socket.destroy()),
        () => socket.end(OK),
      )
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const id = '6e3ad2e4-0bc4-4638-8e34-c84a417ba39b'
    const target = {
      host: 'localhost',
      port: (server.address() as AddressInfo).port,
      certificates: [{ id, cert: own.cert, key: own.key }],
      client_certificate: { id },
    }
    const limits = { type: 'https', healthy: down, unhealthy: up({ tcp_failures: 1 }) }
    check(limits, target)
    await becomes('UNHEALTHY')
    check({ ...limits, https_verify_certificate: false }, target)
    await becomes('HEALTHY')
    expect(clients).to.include('gateway.test')
    health.close()
    await new Promise((resolve) => server.close(resolve))
  })

  it('end with their upstream', async () => {
    check({ http_path: '/old', healthy: down })
    await until(() => heads.length > 0, patience)
    check({ http_path: '/new', healthy: down })
    const paths = () => heads.map((head) => head.split(' ')[1])
    await until(
      () =>
        paths()
          .slice(-4)
          .every((path) => path === '/new'),
      patience,
    )
    expect(paths().slice(paths().indexOf('/new') + 1)).not.to.include('/old')
  })

  it('say of a name that leads nowhere that it does', async () => {
    check({ healthy: down }, { host: 'no-such-host.invalid' })
    expect(await condition()).to.equal('DNS_ERROR')
  })
})
