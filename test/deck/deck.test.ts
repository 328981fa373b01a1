import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { parse } from 'yaml'
import { root } from '../../dev/place.ts'
import { type GatewayProcess, startGateway } from '../conformance/gateway-process.ts'
import { skip } from '../support/skip.ts'
import { findDeck } from './binary.ts'
import { declared } from './declared.ts'

const KONG_FILE = join(root, 'kong.yaml')
const TOKEN = 'a-gateway-token-of-at-least-32-characters'
const ADMIN_TOKEN = 'an-admin-token-of-at-least-32-characters'
/** What `diff` exits with under --non-zero-exit-code when there is something to do. */
const DIFFERENT = 2
const ID = '00000000-0000-4000-8000-000000000001'

describe('the real decK', function () {
  this.timeout(660_000)
  let binary: string
  let gateway: GatewayProcess
  let folder: string

  before(async function () {
    const found = await findDeck()
    if ('missing' in found) return skip(this, found.missing)
    binary = found.path
    folder = await mkdtemp(join(tmpdir(), 'deck-'))
    gateway = await startGateway({ GATEWAY_TOKEN: TOKEN, ADMIN_TOKEN })
  })
  after(async () => {
    await gateway?.stop()
    if (folder) await rm(folder, { recursive: true })
  })

  const deck = (...args: string[]) => deckWith(ADMIN_TOKEN, ...args)

  function deckWith(token: string, ...args: string[]): Promise<{ code: number; output: string }> {
    const address = ['--kong-addr', `http://127.0.0.1:${gateway.admin.port}`, '--headers', `Kong-Admin-Token:${token}`]
    const env = { ...process.env, ...declared, HOME: folder }
    const all = [...args, '--analytics=false', ...(args[0] === 'gateway' ? address : [])]
    return new Promise((resolve) => {
      execFile(binary, all, { env }, (error, stdout, stderr) => {
        resolve({ code: error ? Number(error.code) : 0, output: stdout + stderr })
      })
    })
  }

  async function ok(...args: string[]): Promise<string> {
    const { code, output } = await deck(...args)
    expect(code, `deck ${args.join(' ')}: ${output}`).to.equal(0)
    return output
  }

  async function file(text: string): Promise<string> {
    const path = join(folder, `${crypto.randomUUID()}.yaml`)
    await writeFile(path, `_format_version: "3.0"\n${text}`)
    return path
  }

  async function dumped(...args: string[]) {
    const path = join(folder, `${crypto.randomUUID()}.yaml`)
    await ok('gateway', 'dump', '--output-file', path, ...args)
    return parse(await readFile(path, 'utf8'))
  }

  const diff = async (path: string, ...args: string[]) =>
    (await deck('gateway', 'diff', path, '--non-zero-exit-code', ...args)).code

  beforeEach(() => ok('gateway', 'reset', '--force'))

  it('reaches the gateway, and is refused without its token', async () => {
    await ok('gateway', 'ping')
    expect((await deckWith('guess', 'gateway', 'ping')).code).to.not.equal(0)
  })

  it('validates kong.yaml, alone and against the gateway', async () => {
    await ok('file', 'validate', KONG_FILE)
    await ok('gateway', 'validate', KONG_FILE)
  })

  it('has nothing to do after a sync of kong.yaml', async () => {
    expect(await diff(KONG_FILE)).to.equal(DIFFERENT)
    await ok('gateway', 'sync', KONG_FILE)
    expect(await diff(KONG_FILE)).to.equal(0)
    expect(await ok('gateway', 'sync', KONG_FILE)).to.match(/Created: 0\s+Updated: 0\s+Deleted: 0/)
  })

  it('dumps what it can sync again', async () => {
    await ok('gateway', 'sync', KONG_FILE)
    const path = join(folder, 'dump.yaml')
    await ok('gateway', 'dump', '--with-id', '--output-file', path)
    await ok('gateway', 'reset', '--force')
    await ok('gateway', 'sync', path)
    expect(await diff(path)).to.equal(0)
    expect(await diff(KONG_FILE)).to.equal(0)
  })

  it('keeps ids and tags', async () => {
    await ok('gateway', 'sync', await file(`services: [{ id: ${ID}, name: a, host: a.test, tags: [one, two] }]`))
    const { services } = await dumped('--with-id')
    expect(services[0]).to.deep.include({ id: ID, tags: ['one', 'two'] })
  })

  it('leaves alone what its select_tags do not name', async () => {
    const ours = await file('_info: { select_tags: [ours] }\nservices: [{ name: ours, host: a.test }]')
    const theirs = await file('_info: { select_tags: [theirs] }\nservices: [{ name: theirs, host: a.test }]')
    for (const path of [ours, theirs]) await ok('gateway', 'sync', path)
    for (const path of [ours, theirs]) expect(await diff(path)).to.equal(0)
    expect((await dumped()).services).to.have.length(2)
    expect((await dumped('--select-tag', 'ours')).services).to.have.length(1)
  })

  it('applies a part, and deletes nothing else', async () => {
    await ok('gateway', 'sync', await file('services: [{ name: a, host: a.test }]'))
    await ok('gateway', 'apply', await file('services: [{ name: b, host: b.test }]'))
    expect((await dumped()).services).to.have.length(2)
  })

  it('says which field is refused, and changes nothing', async () => {
    const bad = await file('plugins: [{ name: rate-limiting, config: { minute: 0, policy: local } }]')
    const { code, output } = await deck('gateway', 'sync', bad)
    expect(code).to.not.equal(0)
    expect(output).to.include('config.minute: value must be greater than 0')
    expect((await dumped()).plugins).to.equal(undefined)
  })

  it('resets to nothing', async () => {
    await ok('gateway', 'sync', KONG_FILE)
    await ok('gateway', 'reset', '--force')
    expect(await dumped()).to.have.all.keys('_format_version')
  })
})
