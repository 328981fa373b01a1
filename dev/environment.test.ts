import { execFileSync, spawnSync } from 'node:child_process'
import { createPrivateKey } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { importSPKI, jwtVerify, SignJWT } from 'jose'
import { parse } from 'yaml'
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

  it('gives kong.yaml a public key that survives double quotes in YAML and verifies what auth signs', async () => {
    const platform = platformEnvironment(dir, {})
    const { DECK_JWT_PUBLIC_KEY: key } = await deckEnvironment(platform, readPorts({}))
    const { rsa_public_key: pem } = parse(`rsa_public_key: "${key}"`) as { rsa_public_key: string }
    const signingKey = createPrivateKey(readFileSync(platform.JWT_PRIVATE_KEY_FILE))
    const token = await new SignJWT({ sub: 'x' }).setProtectedHeader({ alg: 'ES256' }).sign(signingKey)
    expect((await jwtVerify(token, await importSPKI(pem, 'ES256'))).payload.sub).to.equal('x')
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
