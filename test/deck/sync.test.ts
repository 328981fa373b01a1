import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { until } from '../../dev/stack/until.ts'
import { exchange } from '../conformance/exchange.ts'
import { type GatewayProcess, startGatewayOn } from '../conformance/gateway-process.ts'
import { stack } from '../support/stack.ts'

const WORKERS = ['--workers', '2']

describe('entities changed while the gateway serves', function () {
  this.timeout(60_000)
  let folder: string
  let config: string
  let gateway: GatewayProcess | undefined

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sync-'))
    config = join(folder, 'kong.yaml')
    await declare('declared')
  })
  afterEach(async () => {
    await stop()
    await rm(folder, { recursive: true })
  })

  const answer = (name: string) => ({ name: 'request-termination', config: { status_code: 200, message: name } })
  const declare = (name: string) =>
    writeFile(
      config,
      JSON.stringify({
        _format_version: '3.0',
        routes: [{ name, paths: [`/${name}`], plugins: [answer(name)] }],
      }),
    )

  async function start(env: NodeJS.ProcessEnv = {}): Promise<GatewayProcess> {
    gateway = await startGatewayOn(config, env, WORKERS)
    return gateway
  }
  async function stop() {
    await gateway?.stop()
    gateway = undefined
  }

  async function write(method: string, path: string, body?: unknown): Promise<void> {
    const { admin } = gateway as GatewayProcess
    const headers = { 'content-type': 'application/json' }
    const { status, body: text } = await exchange(admin, { method, path, headers, body: JSON.stringify(body ?? {}) })
    expect(status, `${method} ${path}: ${text}`).to.be.oneOf([200, 201, 204])
  }
  async function add(name: string): Promise<void> {
    await write('PUT', `/routes/${name}`, { paths: [`/${name}`] })
    await write('POST', `/routes/${name}/plugins`, answer(name))
  }
  const get = (path: string) => exchange((gateway as GatewayProcess).proxy, { path })
  const statusOf = async (path: string) => (await get(path)).status

  it('are served by every worker once the Admin API has answered', async () => {
    await start()
    for (let at = 0; at < 5; at++) {
      await add(`r${at}`)
      const answers = await Promise.all(Array.from({ length: 10 }, () => statusOf(`/r${at}`)))
      expect(new Set(answers)).to.deep.equal(new Set([200]))
    }
  })

  it('fail and misroute no request under load', async () => {
    await start()
    let loading = true
    const seen = new Set<string>()
    const clients = Array.from({ length: 8 }, async () => {
      while (loading) seen.add((await get('/declared')).body)
    })
    await Promise.all(Array.from({ length: 20 }, (_, at) => add(`r${at}`)))
    await Promise.all(Array.from({ length: 10 }, (_, at) => write('DELETE', `/routes/r${at}`)))
    loading = false
    await Promise.all(clients)
    expect([...seen]).to.deep.equal(['{"message":"declared"}'])
  })

  it('are refused when no worker can resolve what they refer to, and nothing is changed', async () => {
    await start()
    const { admin } = gateway as GatewayProcess
    const { status, body } = await exchange(admin, {
      method: 'POST',
      path: '/plugins',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'trusted-identity', config: { gateway_token: '{vault://env/not-there}' } }),
    })
    expect(status).to.equal(400)
    expect(body).to.include('NOT_THERE')
    expect((await exchange(admin, { path: '/plugins' })).body).to.not.include('trusted-identity')
    expect(await statusOf('/declared')).to.equal(200)
  })

  const places: Record<string, () => Promise<NodeJS.ProcessEnv>> = {
    'a file': () => Promise.resolve({}),
    Postgres: async () => ({ DATABASE_URL: await (await stack('postgres')).postgres.createDatabase() }),
  }
  for (const [place, environment] of Object.entries(places))
    it(`outlive a restart in ${place}, until the declaration changes`, async () => {
      const env = await environment()
      await start(env)
      await add('added')
      await write('DELETE', '/routes/declared')
      await stop()
      await start(env)
      expect([await statusOf('/added'), await statusOf('/declared')]).to.deep.equal([200, 404])
      await stop()
      await declare('newer')
      await start(env)
      expect([await statusOf('/added'), await statusOf('/newer')]).to.deep.equal([404, 200])
    })

  it('are refused while they cannot be kept, and nothing is changed', async () => {
    const { postgres } = await stack('postgres')
    await start({ DATABASE_URL: await postgres.createDatabase() })
    await postgres.kill()
    try {
      const { admin } = gateway as GatewayProcess
      const headers = { 'content-type': 'application/json' }
      const body = JSON.stringify({ paths: ['/added'] })
      expect((await exchange(admin, { method: 'PUT', path: '/routes/added', headers, body })).status).to.equal(500)
      expect([await statusOf('/added'), await statusOf('/declared')]).to.deep.equal([404, 200])
    } finally {
      await postgres.start()
    }
    await until(() => add('added').then(() => true), { within: 10_000, what: 'Postgres keeps it again' })
    expect(await statusOf('/added')).to.equal(200)
  })
})
