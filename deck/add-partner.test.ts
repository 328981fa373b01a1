import { execFile } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect } from 'chai'
import { type GatewayProcess, startGateway } from '../test/conformance/gateway-process.ts'
import { exchange } from '../test/support/client.ts'

const run = promisify(execFile)
const MEMBER = '/partner/v1/members/00000000-0000-4000-8000-000000000000'
const { publicKey } = generateKeyPairSync('ec', {
  namedCurve: 'P-256',
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
})
const NOWHERE = 'http://127.0.0.1:9'

describe('partner:add', function () {
  this.timeout(30_000)
  let gateway: GatewayProcess
  let folder: string
  let file: string

  before(async () => {
    gateway = await startGateway({ GATEWAY_TOKEN: 'a-gateway-token-of-at-least-32-characters' })
    folder = await mkdtemp(join(tmpdir(), 'partners-'))
    file = join(folder, 'partners.yaml')
  })

  after(async () => {
    await gateway.stop()
    await rm(folder, { recursive: true })
  })

  const add = (name: string, group: string, admin = gateway.admin.port) =>
    run(process.execPath, [join(import.meta.dirname, 'add-partner.ts'), '--name', name, '--group', group], {
      env: { ...declared, PARTNERS_FILE: file, GATEWAY_ADMIN_URL: `http://127.0.0.1:${admin}` },
    }).catch((failure: { stderr: string; code: number }) => failure)
  const membership = async (apikey: string) =>
    (await exchange(`http://127.0.0.1:${gateway.proxy.port}`, 'GET', MEMBER, { headers: { apikey } })).status

  const declared = {
    DECK_PUBLIC_URL: NOWHERE,
    DECK_AUTH_URL: NOWHERE,
    DECK_ONBOARDER_URL: NOWHERE,
    DECK_USERS_URL: NOWHERE,
    DECK_REDIS_HOST: '127.0.0.1',
    DECK_REDIS_PORT: '9',
    DECK_REDIS_DATABASE: '0',
    DECK_REDIS_USERNAME: '',
    DECK_REDIS_PASSWORD: '',
    DECK_JWT_KID: 'none',
    DECK_JWT_PUBLIC_KEY: publicKey.replaceAll('\n', '\\n'),
  }

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

  it('refuses a name that is taken, one that is none, and an unknown group', async () => {
    expect(await add('acme', 'partner-gold')).to.include({ code: 1 })
    expect(await add('no/name', 'partner-gold')).to.include({ code: 1 })
    expect(await add('initech', 'partner-platinum')).to.include({ code: 1 })
  })

  it('changes nothing when the gateway cannot be reached, and says so on one line', async () => {
    const before = await readFile(file, 'utf8')
    const { stderr } = (await add('initech', 'partner-gold', 9)) as { stderr: string }
    expect(stderr.trim().split('\n')).to.have.length(1)
    expect(await readFile(file, 'utf8')).to.equal(before)
  })
})
