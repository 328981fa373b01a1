import { expect } from 'chai'
import { everywhere, matching, settingsText } from './routes.ts'
import type { PluginInForce, Route } from './use-gateway.ts'

const plugin = (name: string, scope: PluginInForce['scope'] = 'global'): PluginInForce => ({
  name,
  scope,
  settings: {},
})
const route = (name: string, ...plugins: PluginInForce[]): Route => ({
  ...{ id: name, name, service: 'users', methods: null, hosts: null },
  paths: [`/api/${name}`],
  plugins,
})

describe('the routes of the gateway view', () => {
  it('are found by name, path, service and plugin, in any letter case', () => {
    const routes = [route('login', plugin('rate-limiting')), route('profile', plugin('jwt', 'route'))]
    const found = (text: string) => matching(routes, text).map(({ name }) => name)
    expect(found('')).to.deep.equal(['login', 'profile'])
    expect(found(' LOG ')).to.deep.equal(['login'])
    expect(found('/api/profile')).to.deep.equal(['profile'])
    expect(found('jwt')).to.deep.equal(['profile'])
    expect(found('users')).to.have.length(2)
    expect(found('nothing')).to.deep.equal([])
  })

  it('share the plugins of the whole gateway, and none that each of them replaces', () => {
    const routes = [
      route('a', plugin('cors'), plugin('jwt', 'route')),
      route('b', plugin('cors'), plugin('acl', 'service')),
    ]
    expect(everywhere(routes).map(({ name }) => name)).to.deep.equal(['cors'])
  })

  it('tell settings in words', () => {
    const settings = { minute: 60, roles: ['staff', 'admin'], groups: { gold: { minute: 600 } } }
    expect(settingsText(settings)).to.equal('minute 60, roles staff admin, groups gold (minute 600)')
  })
})
