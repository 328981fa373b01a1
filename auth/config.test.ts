import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { ConfigError } from '../lib/config.ts'
import { loadConfig } from './config.ts'
import { readSigningKey } from './signing-key.ts'

describe('auth’s configuration', () => {
  const folder = mkdtempSync(join(tmpdir(), 'auth-config-'))
  after(() => rmSync(folder, { recursive: true }))

  const environment = {
    PORT: '8101',
    GATEWAY_TOKEN: 'x'.repeat(32),
    KAFKA_BROKERS: '127.0.0.1:9092',
    REDIS_URL: 'redis://127.0.0.1:6379',
    DATABASE_URL: 'postgres://jade@127.0.0.1/jade',
    JWT_PRIVATE_KEY_FILE: '/keys/jwt.pem',
    TOTP_KEY: Buffer.alloc(32).toString('base64'),
  }

  it('names every variable that is missing or malformed', () => {
    const { TOTP_KEY: _, ...rest } = environment
    expect(() => loadConfig({ ...rest, ARGON2_CONCURRENCY: '0', DATABASE_URL: 'x' }))
      .to.throw(ConfigError, /TOTP_KEY: is required/)
      .with.property('message')
      .that.matches(/ARGON2_CONCURRENCY: expected a whole number from 1 on/)
      .and.matches(/DATABASE_URL: /)
  })

  it('hashes at no less than OWASP’s minimum by default', () => {
    const config = loadConfig(environment)
    expect(config).to.include({ ARGON2_MEMORY_KIB: 19_456, ARGON2_PASSES: 2 })
  })

  const keys = {
    'another curve': generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey.export({
      type: 'pkcs8',
      format: 'pem',
    }),
    'another kind': generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }),
    'a public key': generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({
      type: 'spki',
      format: 'pem',
    }),
    rubbish: 'not a key',
  }
  for (const [name, content] of Object.entries(keys)) {
    it(`does not start on a signing key that is ${name}`, async () => {
      const file = join(folder, name)
      writeFileSync(file, content)
      const error = await readSigningKey(file).catch((reason) => reason)
      expect(error).to.be.instanceOf(ConfigError)
      expect(error.message).to.match(/^JWT_PRIVATE_KEY_FILE: /)
    })
  }

  it('does not start without the file', async () => {
    const error = await readSigningKey(join(folder, 'absent')).catch((reason) => reason)
    expect(error).to.be.instanceOf(ConfigError)
  })
})
