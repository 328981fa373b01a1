import { expect } from 'chai'
import { type GatewayProcess, startGateway } from '../../test/conformance/gateway-process.ts'
import { ADMIN_TOKEN, type Operations, runOperations } from '../../test/support/operations.ts'

interface Partner {
  username: string
  groups: string[]
  quota: { group: string; limits: { period: string; limit: number; used: number | null; resetsAt: string }[] } | null
}

const partner = (username: string, ...groups: string[]) => ({
  username,
  keyauth_credentials: [{ key: username }],
  acls: groups.map((group) => ({ group })),
})

describe('partners as operations shows them', () => {
  let gateway: GatewayProcess
  let operations: Operations

  before(async function () {
    this.timeout(60_000)
    gateway = await startGateway({ ADMIN_TOKEN })
    operations = await runOperations({ admin: `http://127.0.0.1:${gateway.admin.port}` })
    await declare(operations.redisURL)
  })
  after(async () => {
    await operations?.stop()
    await gateway?.stop()
  })

  async function declare(redisURL: string): Promise<void> {
    const { hostname: host, port, pathname } = new URL(redisURL)
    const redis = { host, port: Number(port), database: Number(pathname.slice(1)) }
    const groups = { bronze: { year: 5 }, gold: { minute: 600, year: 1_000_000 } }
    const document = {
      _format_version: '3.0',
      plugins: [{ name: 'key-auth' }, { name: 'group-quota', config: { groups, policy: 'redis', redis } }],
      routes: [{ name: 'r', paths: ['/'], plugins: [{ name: 'request-termination', config: { status_code: 200 } }] }],
      consumers: [
        partner('zenith', 'gold', 'bronze'),
        partner('acme', 'bronze'),
        partner('no-quota', 'elsewhere'),
        { username: 'not-a-partner' },
      ],
    }
    const headers = { 'content-type': 'application/json', 'kong-admin-token': ADMIN_TOKEN }
    const url = `http://127.0.0.1:${gateway.admin.port}/config`
    const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(document) })
    expect(answer.status, await answer.text()).to.equal(201)
  }

  const partners = async (query = '') => (await operations.ask<Partner[]>(`partners${query}`)).body
  const used = async (name: string) =>
    (await partners()).data
      .find(({ username }) => username === name)
      ?.quota?.limits.map(({ period, limit, used }) => [period, limit, used])
  const call = (apikey: string) => fetch(`http://127.0.0.1:${gateway.proxy.port}/`, { headers: { apikey } })

  it('are the consumers that are in groups, by name, page by page', async () => {
    const all = await partners()
    expect(all.data.map(({ username, groups }) => [username, groups])).to.deep.equal([
      ['acme', ['bronze']],
      ['no-quota', ['elsewhere']],
      ['zenith', ['bronze', 'gold']],
    ])
    const second = await partners('?page=2&limit=2')
    expect(second.data.map(({ username }) => username)).to.deep.equal(['zenith'])
    expect(second.meta).to.deep.equal({ page: 2, limit: 2, total: 3 })
  })

  it('have the most generous quota of their groups, or none', async () => {
    const { data } = await partners()
    expect(data.map(({ quota }) => quota?.group)).to.deep.equal(['bronze', undefined, 'gold'])
  })

  it('have used what the gateway has let them', async () => {
    expect(await used('acme')).to.deep.equal([['year', 5, 0]])
    const answers = await Promise.all(Array.from({ length: 8 }, () => call('acme')))
    expect(answers.filter(({ status }) => status === 200)).to.have.length(5)
    expect(await used('acme')).to.deep.equal([['year', 5, 5]])
    expect(await used('zenith')).to.deep.equal([
      ['minute', 600, 0],
      ['year', 1_000_000, 0],
    ])
  })

  it('are shown without their use while Redis is away', async function () {
    this.timeout(30_000)
    await operations.servers.redis.kill()
    try {
      expect(await used('acme')).to.deep.equal([['year', 5, null]])
    } finally {
      await operations.servers.redis.start()
      await operations.ready()
    }
  })
})
