import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { until } from '../../dev/stack/until.ts'
import { exchange } from '../conformance/exchange.ts'
import { type GatewayProcess, startGatewayOn } from '../conformance/gateway-process.ts'
import { stack } from '../support/stack.ts'
import { type RealDeck, realDeck } from './real-deck.ts'

const route = (name: string) => ({
  name,
  paths: [`/${name}`],
  plugins: [{ name: 'request-termination', config: { status_code: 200, message: name } }],
})
const declaring = (...names: string[]) => JSON.stringify({ _format_version: '3.0', routes: names.map(route) })

describe('the real decK, where two workers serve', function () {
  this.timeout(660_000)
  let deck: RealDeck
  let config: string
  let gateway: GatewayProcess | undefined

  before(async function () {
    deck = await realDeck(this)
    config = join(deck.folder, 'kong.yaml')
    await writeFile(config, declaring('stays'))
  })
  afterEach(stop)
  after(() => deck?.remove())

  async function start(env: NodeJS.ProcessEnv = {}, ...more: string[]): Promise<GatewayProcess> {
    gateway = await startGatewayOn(config, env, ['--workers', '2', ...more])
    return gateway
  }
  async function stop() {
    await gateway?.stop()
    gateway = undefined
  }
  const get = (name: string) => exchange((gateway as GatewayProcess).proxy, { path: `/${name}` })
  /** Connections of their own, which the kernel spreads over the workers. */
  const statuses = async (name: string) => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => get(name)))
    return [...new Set(answers.map(({ status }) => status))]
  }
  const sync = async (...names: string[]) => {
    const file = join(deck.folder, 'synced.yaml')
    await writeFile(file, declaring(...names))
    await deck.ok(['gateway', 'sync', file], (gateway as GatewayProcess).admin)
  }

  it('fails and misroutes no request, and every worker serves what was synced', async () => {
    await start()
    const many = Array.from({ length: 200 }, (_, at) => `r${at}`)
    const seen = new Set<string>()
    let loading = true
    const clients = Array.from({ length: 8 }, async () => {
      while (loading) {
        const { status, body } = await get('stays')
        seen.add(`${status} ${body}`)
      }
    })
    try {
      await sync('stays', ...many)
      await until(async () => `${await statuses('r199')}` === '200', {
        within: 5_000,
        what: 'every worker serves the last route',
      })
      await sync('stays', 'r0')
      await until(async () => `${await statuses('r199')}` === '404', {
        within: 5_000,
        what: 'no worker serves it any more',
      })
    } finally {
      loading = false
      await Promise.all(clients)
    }
    expect([...seen]).to.deep.equal(['200 {"message":"stays"}'])
  })

  const places: Record<string, () => Promise<{ env?: NodeJS.ProcessEnv; more: string[] }>> = {
    'a file': () => Promise.resolve({ more: ['--state', join(deck.folder, 'state.json')] }),
    Postgres: async () => ({
      env: { DATABASE_URL: await (await stack('postgres')).postgres.createDatabase() },
      more: [],
    }),
  }
  for (const [place, kept] of Object.entries(places))
    it(`serves what was synced again after a restart, from ${place}`, async () => {
      const { env, more } = await kept()
      await start(env, ...more)
      await sync('added')
      await stop()
      await start(env, ...more)
      expect([await statuses('added'), await statuses('stays')]).to.deep.equal([[200], [404]])
    })
})
