import { join } from 'node:path'
import { expect } from 'chai'
import { root } from '../../dev/place.ts'
import { type GatewayProcess, startGateway } from '../conformance/gateway-process.ts'
import { ADMIN_TOKEN, DIFFERENT, type RealDeck, realDeck } from './real-deck.ts'

const KONG_FILE = join(root, 'kong.yaml')
const GATEWAY_TOKEN = 'a-gateway-token-of-at-least-32-characters'
const ID = '00000000-0000-4000-8000-000000000001'

describe('the real decK', function () {
  this.timeout(660_000)
  let deck: RealDeck
  let gateway: GatewayProcess
  let partners: string

  before(async function () {
    deck = await realDeck(this)
    gateway = await startGateway({ GATEWAY_TOKEN, ADMIN_TOKEN })
    partners = await deck.file(
      'consumers: [{ username: acme, keyauth_credentials: [{ key: jade_x }], acls: [{ group: partner-gold }] }]',
    )
  })
  after(async () => {
    await gateway?.stop()
    await deck?.remove()
  })

  const ok = (...args: string[]) => deck.ok(args, gateway.admin)
  const diff = (...files: string[]) => deck.diff(gateway.admin, ...files)
  const dumped = (...args: string[]) => deck.dumped(gateway.admin, ...args)
  const failed = async (...args: string[]) => {
    const { code, output } = await deck.run(args, gateway.admin)
    expect(code, output).to.not.equal(0)
    return output
  }

  beforeEach(() => ok('gateway', 'reset', '--force'))

  it('reaches the gateway, and is refused without its token', async () => {
    await ok('gateway', 'ping')
    expect((await deck.run(['gateway', 'ping'], gateway.admin, 'guess')).code).to.not.equal(0)
  })

  it('validates kong.yaml, alone and against the gateway', async () => {
    await deck.ok(['file', 'validate', KONG_FILE])
    await ok('gateway', 'validate', KONG_FILE)
  })

  it('has nothing to do after a sync of kong.yaml and of the partners', async () => {
    expect(await diff(KONG_FILE, partners)).to.equal(DIFFERENT)
    await ok('gateway', 'sync', KONG_FILE, partners)
    expect(await diff(KONG_FILE, partners)).to.equal(0)
    expect(await ok('gateway', 'sync', KONG_FILE, partners)).to.match(/Created: 0\s+Updated: 0\s+Deleted: 0/)
    expect(await diff(KONG_FILE)).to.equal(DIFFERENT)
  })

  it('dumps what it can sync again', async () => {
    await ok('gateway', 'sync', KONG_FILE)
    const path = join(deck.folder, 'dump.yaml')
    await ok('gateway', 'dump', '--with-id', '--output-file', path)
    await ok('gateway', 'reset', '--force')
    await ok('gateway', 'sync', path)
    expect(await diff(path)).to.equal(0)
    expect(await diff(KONG_FILE)).to.equal(0)
  })

  it('keeps ids and tags', async () => {
    await ok('gateway', 'sync', await deck.file(`services: [{ id: ${ID}, name: a, host: a.test, tags: [one, two] }]`))
    const { services } = await dumped('--with-id')
    expect(services?.[0]).to.deep.include({ id: ID, tags: ['one', 'two'] })
  })

  it('leaves alone what its select_tags do not name', async () => {
    const ours = await deck.file('_info: { select_tags: [ours] }\nservices: [{ name: ours, host: a.test }]')
    const theirs = await deck.file('_info: { select_tags: [theirs] }\nservices: [{ name: theirs, host: a.test }]')
    for (const path of [ours, theirs]) await ok('gateway', 'sync', path)
    for (const path of [ours, theirs]) expect(await diff(path)).to.equal(0)
    expect((await dumped()).services).to.have.length(2)
    expect((await dumped('--select-tag', 'ours')).services).to.have.length(1)
  })

  it('applies a part, and deletes nothing else', async () => {
    await ok('gateway', 'sync', await deck.file('services: [{ name: a, host: a.test }]'))
    await ok('gateway', 'apply', await deck.file('services: [{ name: b, host: b.test }]'))
    expect((await dumped()).services).to.have.length(2)
  })

  const refusals: [what: string, file: string, said: string][] = [
    [
      'a value out of its bounds',
      'plugins: [{ name: rate-limiting, config: { minute: 0, policy: local } }]',
      'config.minute: value must be greater than 0',
    ],
    ['an unknown field', 'plugins: [{ name: key-auth, config: { key_name: [a] } }]', 'config.key_name: unknown field'],
    [
      'a reference that leads nowhere',
      'plugins: [{ name: trusted-identity, config: { gateway_token: "{vault://env/not-there}" } }]',
      'config.gateway_token: {vault://env/not-there} leads nowhere',
    ],
  ]
  for (const [what, text, said] of refusals)
    it(`says where ${what} is refused, and changes nothing`, async () => {
      expect(await failed('gateway', 'sync', await deck.file(text))).to.include(said)
      expect((await dumped()).plugins).to.equal(undefined)
    })

  it('resets to nothing', async () => {
    await ok('gateway', 'sync', KONG_FILE)
    await ok('gateway', 'reset', '--force')
    expect(await dumped()).to.have.all.keys('_format_version')
  })
})
