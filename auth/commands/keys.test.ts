import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { freePort } from '../../test/support/ports.ts'
import { type KeyPlace, startKeyPlace } from '../../test/support/signing-keys.ts'

describe('keys', function () {
  this.timeout(60_000)
  let place: KeyPlace

  before(async () => {
    place = await startKeyPlace()
  })
  after(() => place.stop())

  const list = async () => JSON.parse((await place.keys(['list', '--json'])).said) as { kid: string; state: string }[]
  const kidOf = async (state: string) => (await list()).find((key) => key.state === state)?.kid

  it('list says where each key stands, since when, and when it may be retired', async () => {
    await place.keys(['rotate'])
    const { said } = await place.keys(['list'])
    expect(said.split('\n')).to.have.length(3)
    expect(said).to.match(/^\S{43} {2}verifying {2}since \S+Z {2}may be retired from \S+Z$/m)
    expect(said).to.match(/^\S{43} {2}signing {4}since \S+Z$/m)
    expect(said).to.match(/^\S{43} {2}next {7}since \S+Z$/m)
  })

  it('rotate signs with the key that was next, and keeps the old one', async () => {
    const [signing, next] = [await kidOf('signing'), await kidOf('next')]
    const { code, said } = await place.keys(['rotate'])
    expect(code).to.equal(0)
    expect(said).to.equal(`auth signs with ${next} from now on; ${await kidOf('next')} is next`)
    expect((await list()).filter(({ state }) => state === 'verifying').map(({ kid }) => kid)).to.include(signing)
  })

  it('rotate and retire leave the running gateway as it is declared', async () => {
    for (const command of [['rotate'], ['retire', '--force'], ['retire']]) {
      expect((await place.keys(command)).code).to.equal(0)
      expect(await place.running()).to.deep.equal(await place.declared())
    }
    expect((await place.running()).map(({ key }) => key).sort()).to.deep.equal(
      (await list()).map(({ kid }) => kid).sort(),
    )
  })

  it('never lets a private key out', async () => {
    const { said } = await place.keys(['rotate'])
    const secrets = (await place.folder.read()).map(
      ({ privateKey }) => privateKey.export({ format: 'jwk' }).d as string,
    )
    const seen = [said, (await place.keys(['list', '--json'])).said, await readFile(place.declaration, 'utf8')]
    seen.push(JSON.stringify(await (await fetch(`${place.admin}/jwts`)).json()))
    for (const text of seen) expect(secrets.some((secret) => text.includes(secret))).to.equal(false)
  })

  it('retire refuses while tokens may still be around, and says until when', async () => {
    await place.keys(['rotate'])
    const { code, said } = await place.keys(['retire'])
    expect(code).to.equal(1)
    expect(said)
      .to.match(/^\S{43} verifies tokens until 20\S+Z: retire it then, or .* npm run keys -- retire --force$/)
      .and.not.contain('\n')
  })

  it('changes nothing where the gateway knows other keys alone, or a node is away', async () => {
    const before = [await list(), await place.running()]
    const JWT_KEYS_DIR = join(place.home, 'elsewhere')
    await mkdir(JWT_KEYS_DIR)
    const wrong: NodeJS.ProcessEnv = { JWT_KEYS_DIR, DECK_JWT_SECRETS_FILE: join(place.home, 'elsewhere.json') }
    expect((await place.keys(['rotate'], wrong)).said).to.match(/knows none of these keys.*JWT_KEYS_DIR/)
    expect([await list(), await place.running()]).to.deep.equal(before)
    const away = `http://127.0.0.1:${await freePort()}`
    const { said } = await place.keys(['rotate'], { GATEWAY_NODES: `${place.proxy},${away}` })
    expect(said).to.include(`no gateway at ${away}`)
  })

  it('lets one change keys at a time', async () => {
    const both = await Promise.all([place.keys(['rotate']), place.keys(['rotate'])])
    const refused = both.filter(({ code }) => code !== 0)
    for (const { said } of refused) expect(said).to.match(/^the signing keys are being changed by somebody else/)
    expect((await list()).filter(({ state }) => state === 'signing')).to.have.length(1)
    expect(await place.running()).to.deep.equal(await place.declared())
  })

  it('refuses, in one line, what cannot work', async () => {
    const cases: [string[], RegExp, { code?: number; env?: NodeJS.ProcessEnv }?][] = [
      [['sign'], /^Unknown command sign/, { code: 2 }],
      [['rotate', 'now'], /^Unknown argument now/, { code: 2 }],
      [['rotate', '--force'], /^--force is for retire/, { code: 2 }],
      [['retire', '--json'], /^--json is for list/, { code: 2 }],
      [['list', '--all'], /^Unknown option '--all'/, { code: 2 }],
      [['list'], /^JWT_KEYS_DIR: is required/, { env: { JWT_KEYS_DIR: undefined } }],
      [['rotate'], /^GATEWAY_NODES: expected http/, { env: { GATEWAY_NODES: 'nowhere' } }],
      [['rotate'], /^no Admin API at/, { env: { GATEWAY_ADMIN_URL: 'http://127.0.0.1:9' } }],
      [['rotate'], /^Postgres does not answer/, { env: { DATABASE_URL: 'postgres://x@127.0.0.1:9/x' } }],
    ]
    for (const [args, reason, { code = 1, env } = {}] of cases) {
      const refused = await place.keys(args, env)
      expect(refused.code, String(args)).to.equal(code)
      expect(refused.said).to.match(reason).and.not.contain('\n')
    }
  })

  it('explains itself', async () => {
    const { code, said } = await place.keys(['--help'], { DATABASE_URL: '' })
    expect(code).to.equal(0)
    expect(said).to.contain('npm run keys -- rotate')
  })

  it('makes the first keys of a gateway that has none, before auth can start', async () => {
    const first = {
      JWT_KEYS_DIR: join(place.home, 'fresh'),
      DECK_JWT_SECRETS_FILE: join(place.home, 'fresh.json'),
    }
    for (const { key } of await place.running()) {
      await fetch(`${place.admin}/consumers/jade-auth/jwt/${key}`, { method: 'DELETE' })
    }
    place.keySet.publishing = false
    const { code, said } = await place.keys(['rotate'], first)
    expect(code, said).to.equal(0)
    const listed = JSON.parse((await place.keys(['list', '--json'], first)).said) as { kid: string; state: string }[]
    expect(listed.map(({ state }) => state).sort()).to.deep.equal(['next', 'signing'])
    expect((await place.running()).map(({ key }) => key)).to.have.members(listed.map(({ kid }) => kid))
  })
})
