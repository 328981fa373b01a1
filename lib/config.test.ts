import { expect } from 'chai'
import { brokers, ConfigError, key32, port, readConfig, secret } from './config.ts'

describe('config', () => {
  it('names every variable that is missing or malformed, at once', () => {
    const spec = { PORT: port(), TOKEN: secret(), KEY: key32(), KAFKA_BROKERS: brokers(), LEFT_OUT: port() }
    expect(() => readConfig({ PORT: 'abc', TOKEN: 'short', KEY: 'AAAA', KAFKA_BROKERS: 'kafka' }, spec))
      .to.throw(ConfigError)
      .with.property('message')
      .that.matches(/PORT: .*\n*/)
      .and.includes('TOKEN: expected at least 32 characters')
      .and.includes('KEY: expected 32 bytes in base64')
      .and.includes('KAFKA_BROKERS: expected host:port')
      .and.includes('LEFT_OUT: is required')
  })

  it('never repeats the value of a secret that is malformed', () => {
    expect(() => readConfig({ TOKEN: 'short-secret' }, { TOKEN: secret() }))
      .to.throw(ConfigError)
      .with.property('message')
      .that.does.not.include('short-secret')
  })

  it('gives typed values that cannot be changed', () => {
    const config = readConfig({ KAFKA_BROKERS: 'a:1, b:2' }, { KAFKA_BROKERS: brokers() })
    expect(config.KAFKA_BROKERS).to.deep.equal(['a:1', 'b:2'])
    expect(Object.isFrozen(config)).to.equal(true)
  })
})
