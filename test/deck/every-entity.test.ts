import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { collectionNames } from '../../gateway/declarative/collections.ts'
import { createMint } from '../../gateway/proxy/test-certificates.ts'
import { exchange } from '../conformance/exchange.ts'
import { type GatewayProcess, startGateway } from '../conformance/gateway-process.ts'
import { everyEntity } from './every-entity.ts'
import { ADMIN_TOKEN, type RealDeck, realDeck } from './real-deck.ts'

describe('a file with every kind of entity, and the real decK', function () {
  this.timeout(660_000)
  let mint: ReturnType<typeof createMint> | undefined
  let deck: RealDeck
  let gateway: GatewayProcess
  let file: string

  before(async function () {
    deck = await realDeck(this)
    gateway = await startGateway({ ADMIN_TOKEN })
    file = join(deck.folder, 'every-entity.yaml')
    mint = createMint()
    const site = mint.mint('a.test')
    const authority = mint.mint('authority', { authority: true })
    await writeFile(file, everyEntity({ site, authority }))
    await deck.ok(['gateway', 'sync', file], gateway.admin)
  })
  after(async () => {
    mint?.remove()
    await gateway?.stop()
    await deck?.remove()
  })

  it('leaves none of them out', async () => {
    const headers = { 'Kong-Admin-Token': ADMIN_TOKEN }
    const { config } = JSON.parse((await exchange(gateway.admin, { path: '/config', headers })).body)
    for (const name of collectionNames) expect(config).to.match(new RegExp(`^${name}:`, 'm'))
  })

  it('leaves nothing to do after a sync', async () => {
    expect(await deck.diff(gateway.admin, file)).to.equal(0)
  })

  it('comes back from a dump of what it has made', async () => {
    const dump = join(deck.folder, 'dump.yaml')
    await deck.ok(['gateway', 'dump', '--with-id', '--output-file', dump], gateway.admin)
    await deck.ok(['gateway', 'reset', '--force'], gateway.admin)
    await deck.ok(['gateway', 'sync', dump], gateway.admin)
    expect(await deck.diff(gateway.admin, dump)).to.equal(0)
    expect(await deck.diff(gateway.admin, file)).to.equal(0)
  })
})
