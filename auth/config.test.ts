import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { ConfigError } from '../lib/config.ts'
import { loadConfig, loadKeyChangeConfig } from './config.ts'

describe('auth’s configuration', () => {
  const folder = mkdtempSync(join(tmpdir(), 'auth-config-'))
  after(() => rmSync(folder, { recursive: true }))

  const environment = {
    PORT: '8101',
    GATEWAY_TOKEN: 'x'.repeat(32),
    KAFKA_BROKERS: '127.0.0.1:9092',
    REDIS_URL: 'redis://127.0.0.1:6379',
    DATABASE_URL: 'postgres://jade@127.0.0.1/jade',
    JWT_KEYS_DIR: '/keys',
    TOTP_KEY: Buffer.alloc(32).toString('base64'),
    PUBLIC_URL: 'https://jade-palace.example',
    COOKIE_KEY: Buffer.alloc(32).toString('base64'),
    PASSWORD_RESET_KEY: Buffer.alloc(32).toString('base64'),
  }

  it('names every variable that is missing or malformed', () => {
    const { TOTP_KEY: _, ...rest } = environment
    expect(() => loadConfig({ ...rest, ARGON2_CONCURRENCY: '0', DATABASE_URL: 'x' }))
      .to.throw(ConfigError, /TOTP_KEY: is required/)
      .with.property('message')
      .that.matches(/ARGON2_CONCURRENCY: expected a whole number from 1 on/)
      .and.matches(/DATABASE_URL: /)
  })

  it('has to know all that a change of keys takes where it is told of an Admin API, and nothing of it where not', () => {
    expect(loadKeyChangeConfig(environment)).to.equal(undefined)
    expect(() => loadKeyChangeConfig({ ...environment, GATEWAY_ADMIN_URL: 'http://127.0.0.1:8001' }))
      .to.throw(ConfigError, /DECK_JWT_SECRETS_FILE: is required/)
      .with.property('message')
      .that.matches(/GATEWAY_NODES: is required/)
  })

  it('hashes at no less than OWASP’s minimum by default', () => {
    const config = loadConfig(environment)
    expect(config).to.include({ ARGON2_MEMORY_KIB: 19_456, ARGON2_PASSES: 2 })
  })
})
