import { execFile } from 'node:child_process'
import { copyFile, mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect } from 'chai'
import { parse } from 'yaml'
import { root } from '../dev/place.ts'
import { type GatewayProcess, startGatewayOn } from '../test/conformance/gateway-process.ts'
import { declared } from '../test/deck/declared.ts'
import { exchange } from '../test/support/client.ts'

const run = promisify(execFile)
const MEMBER = '/partner/v1/members/00000000-0000-4000-8000-000000000000'

describe('partner:add', function () {
  this.timeout(30_000)
  let gateway: GatewayProcess
  let folder: string
  let file: string

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'partners-'))
    const config = join(folder, 'kong.yaml')
    await copyFile(join(root, 'kong.yaml'), config)
    gateway = await startGatewayOn(config, { ...declared, GATEWAY_TOKEN: 'a-gateway-token-of-at-least-32-characters' })
    file = join(folder, 'partners.yaml')
  })

  after(async () => {
    await gateway.stop()
    await rm(folder, { recursive: true })
  })

  const add = (name: string, group: string, admin = gateway.admin.port) =>
    run(process.execPath, [join(import.meta.dirname, 'add-partner.ts'), '--name', name, '--group', group], {
      env: { PARTNERS_FILE: file, GATEWAY_ADMIN_URL: `http://127.0.0.1:${admin}` },
    }).catch((failure: { stderr: string; code: number }) => failure)
  const membership = async (apikey: string) =>
    (await exchange(`http://127.0.0.1:${gateway.proxy.port}`, 'GET', MEMBER, { headers: { apikey } })).status

  it('opens the gateway to the key that it prints, and to those it gave before', async () => {
    const keys: string[] = []
    for (const name of ['acme', 'globex']) {
      const { stdout } = (await add(name, 'partner-gold')) as { stdout: string }
      keys.push(stdout.trim())
    }
    expect(new Set(keys).size).to.equal(2)
    for (const key of keys) expect(await membership(key)).to.equal(502) // let through, to nobody
    expect(await membership('guess')).to.equal(401)
  })

  it('keeps the keys in a file for its owner alone', async () => {
    expect((await stat(file)).mode & 0o777).to.equal(0o600)
    expect(await readFile(file, 'utf8')).to.include('acme')
  })

  it('loses none of several that are added at the same instant', async () => {
    const names = ['at-once-1', 'at-once-2', 'at-once-3', 'at-once-4']
    const added = (await Promise.all(names.map((name) => add(name, 'partner-silver')))) as { stdout: string }[]
    const { consumers } = parse(await readFile(file, 'utf8')) as { consumers: { username: string }[] }
    expect(consumers.map(({ username }) => username)).to.include.members(names)
    for (const { stdout } of added) expect(await membership(stdout.trim())).to.equal(502)
  })

  it('refuses a name that is taken, one that is none, and an unknown group', async () => {
    expect(await add('acme', 'partner-gold')).to.include({ code: 1 })
    expect(await add('no/name', 'partner-gold')).to.include({ code: 1 })
    expect(await add('initech', 'partner-platinum')).to.include({ code: 1 })
  })

  it('changes nothing when the gateway has a consumer of that name', async () => {
    const before = await readFile(file, 'utf8')
    const { stderr } = (await add('jade-auth', 'partner-gold')) as { stderr: string }
    expect(stderr).to.include('UNIQUE violation')
    expect(await readFile(file, 'utf8')).to.equal(before)
  })

  it('changes nothing when the gateway cannot be reached, and says so on one line', async () => {
    const before = await readFile(file, 'utf8')
    const { stderr } = (await add('initech', 'partner-gold', 9)) as { stderr: string }
    expect(stderr.trim().split('\n')).to.have.length(1)
    expect(await readFile(file, 'utf8')).to.equal(before)
  })
})
