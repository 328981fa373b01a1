import { expect } from 'chai'
import { readConfig, UsageError } from './config.ts'

describe('how the gateway is started', () => {
  const refused: Record<string, [args: string[], env: NodeJS.ProcessEnv, says: string]> = {
    'an address without a port': [['--proxy', 'localhost'], {}, '--proxy'],
    'no worker at all': [['--workers', '0'], {}, '--workers'],
    'a state file in a folder that is not there': [['--state', '/nowhere/at/all/state.json'], {}, '/nowhere/at/all'],
    'a database that is no Postgres URL': [[], { DATABASE_URL: 'garbage' }, 'DATABASE_URL'],
    'proxies to trust that are no addresses': [['--trusted-ips', '10.0.0.0/8,balancer'], {}, "not 'balancer'"],
    'a block of more bits than an address has': [['--trusted-ips', '10.0.0.0/33'], {}, '10.0.0.0/33'],
    'the PROXY protocol, which is no header': [['--real-ip-header', 'proxy_protocol'], {}, '--real-ip-header'],
    'an option that does not exist': [['--colour', 'red'], {}, '--colour'],
  }
  for (const [what, [args, env, says]] of Object.entries(refused)) {
    it(`is refused with ${what}, and says which`, () => {
      expect(() => readConfig(args, env)).to.throw(UsageError, says)
    })
  }

  it('keeps its state beside the first file, unless told otherwise', () => {
    expect(readConfig(['--config', 'kong.yaml'], {})?.stateFile).to.equal('kong.yaml.state.json')
    expect(readConfig(['--config', 'kong.yaml', '--state', 'elsewhere.json'], {})?.stateFile).to.equal('elsewhere.json')
  })

  it("trusts nobody with others' addresses, unless told to", () => {
    expect(readConfig([], {})?.trustedProxies.addresses).to.deep.equal([])
    const args = ['--trusted-ips', '10.0.0.0/8, ::1', '--real-ip-header', 'X-Forwarded-For', '--real-ip-recursive']
    expect(readConfig(args, {})?.trustedProxies).to.deep.equal({
      addresses: ['10.0.0.0/8', '::1'],
      header: 'x-forwarded-for',
      recursive: true,
    })
  })

  it('never says a database password', () => {
    expect(() => readConfig([], { DATABASE_URL: 'mysql://root:secret@host/db' })).to.throw(/^(?!.*secret)/)
  })
})
