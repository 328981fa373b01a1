import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { importSPKI, jwtVerify, SignJWT } from 'jose'
import { parse } from 'yaml'
import type { JwtSecret } from '../auth/signing-keys/declaration.ts'
import { createKeyFolder } from '../auth/signing-keys/key-folder.ts'
import type { SigningKey } from '../auth/signing-keys/signing-key.ts'
import { signingKeyOf } from '../auth/signing-keys/standing.ts'
import { deckEnvironment, platformEnvironment } from './environment.ts'
import { readPorts } from './ports.ts'

describe('environment of the local platform', () => {
  let dir: string

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'environment-'))
  })
  afterEach(() => rmSync(dir, { recursive: true }))

  it('points at the local servers, wherever their ports have moved', () => {
    const env = platformEnvironment(dir, { REDIS_PORT: '7001', KAFKA_PORT: '7002', PROXY_PORT: '7003' })
    expect(env).to.include({
      REDIS_URL: 'redis://127.0.0.1:7001',
      KAFKA_BROKERS: '127.0.0.1:7002',
      PUBLIC_URL: 'http://localhost:7003',
    })
  })

  it('lets what is set already stand', () => {
    const given = { DATABASE_URL: 'postgres://u:p@db.example/x', LOG_LEVEL: 'debug' }
    expect(platformEnvironment(dir, given)).to.include(given)
  })

  it('gives kong.yaml the address of the Redis that the services use', async () => {
    const platform = platformEnvironment(dir, { REDIS_URL: 'redis://cache.example:7001/2' })
    expect(await deckEnvironment(platform, readPorts({}))).to.include({
      DECK_REDIS_HOST: 'cache.example',
      DECK_REDIS_PORT: '7001',
    })
  })

  it('gives kong.yaml, on one line of YAML, the public keys that verify what auth signs, and no private one', async () => {
    const platform = platformEnvironment(dir, {})
    const { DECK_JWT_SECRETS: text = '' } = await deckEnvironment(platform, readPorts({}))
    expect(text).to.not.include('\n').and.not.include('PRIVATE')
    const { jwt_secrets: secrets } = parse(`jwt_secrets: ${text}`) as { jwt_secrets: JwtSecret[] }
    const { kid, privateKey } = signingKeyOf(await createKeyFolder(platform.JWT_KEYS_DIR).read()) as SigningKey
    const pem = secrets.find(({ key }) => key === kid)?.rsa_public_key ?? ''
    const token = await new SignJWT({ sub: 'x' }).setProtectedHeader({ alg: 'ES256' }).sign(privateKey)
    expect((await jwtVerify(token, await importSPKI(pem, 'ES256'))).payload.sub).to.equal('x')
  })

  it('makes signing keys once: one that signs, and the next', async () => {
    const platform = platformEnvironment(dir, {})
    const first = await deckEnvironment(platform, readPorts({}))
    expect(await deckEnvironment(platform, readPorts({}))).to.deep.equal(first)
    expect(JSON.parse(first['DECK_JWT_SECRETS'] ?? '')).to.have.length(2)
  })

  it('declares signing keys again where the declaration is gone', async () => {
    const platform = platformEnvironment(dir, {})
    const first = await deckEnvironment(platform, readPorts({}))
    rmSync(platform.DECK_JWT_SECRETS_FILE)
    expect(await deckEnvironment(platform, readPorts({}))).to.deep.equal(first)
  })

  it('is printed so that a shell takes each value as it is', () => {
    const script = `eval "$('${process.execPath}' dev/deck-env.ts)"; printf %s "$DECK_PUBLIC_URL"`
    const env = { ...process.env, LOCAL_DIR: dir, PUBLIC_URL: `http://x/'"$(echo no) \\n` }
    expect(execFileSync('sh', ['-c', script], { env, encoding: 'utf8' })).to.equal(env.PUBLIC_URL)
  })

  it('is not made of a port that is none: deck:env says so on one line', () => {
    const env = { PATH: process.env['PATH'], LOCAL_DIR: dir, PROXY_PORT: 'abc' }
    const { status, stderr } = spawnSync(process.execPath, ['dev/deck-env.ts'], { env, encoding: 'utf8' })
    expect([status, stderr]).to.deep.equal([1, 'PROXY_PORT=abc: a port is a number from 1 to 65535\n'])
  })
})
