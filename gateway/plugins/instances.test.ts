import { expect } from 'chai'
import { Registry as MetricsRegistry } from 'prom-client'
import type { Entities, PluginEntity } from '../entities.ts'
import type { Gateway, Plugin } from '../plugin.ts'
import { createSharedCounters } from './counters.ts'
import { createGateway } from './gateway.ts'
import { createPreparer } from './instances.ts'
import { plugins, type RegisteredPlugin } from './registry.ts'
import { entitiesOf, onService } from './rehearsal.ts'
import { createSharedCache } from './shared-cache.ts'

describe('the instances of plugins', () => {
  let gateway: Gateway & { close(): void }
  let prepared: string[]
  let entities: Entities

  beforeEach(() => {
    prepared = []
    entities = entitiesOf(onService([{ name: 'acl', config: { allow: ['a'] } }, { name: 'cors' }]))
    gateway = createGateway({
      nodeId: 'n',
      entities,
      counters: createSharedCounters(),
      cache: createSharedCache(),
      log: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined },
      metrics: new MetricsRegistry(),
      now: Date.now,
      env: {},
    })
  })

  afterEach(() => gateway.close())

  function noting(name: 'acl' | 'cors'): RegisteredPlugin {
    const prepare: Plugin['prepare'] = (config) => {
      prepared.push(name)
      return config
    }
    return { ...plugins[name], handler: { name, priority: 1, prepare } } as RegisteredPlugin
  }

  const prepareAll = (all: Entities) => {
    prepared = []
    return all.plugins.map(createPreparer(all, { acl: noting('acl'), cors: noting('cors') }, gateway))
  }
  const edited = ({ plugins }: Entities, change: (plugin: PluginEntity) => PluginEntity) => ({
    ...entities,
    plugins: plugins.map(change),
  })

  it('are prepared again only where their own plugin has changed', () => {
    const before = prepareAll(entities)
    expect(prepared).to.have.members(['acl', 'cors'])
    const next = edited(entities, (plugin) =>
      plugin.name === 'acl' ? { ...plugin, config: { allow: ['b'] } } : plugin,
    )
    const after = prepareAll({ ...next, routes: [], consumers: [] })
    expect(prepared).to.deep.equal(['acl'])
    const at = entities.plugins.findIndex(({ name }) => name === 'cors')
    expect(after[at]).to.equal(before[at])
    expect(after[1 - at]?.config).to.include({ allow: next.plugins[1 - at]?.config.allow })
  })

  it('are all prepared again where a vault has changed, to whose values they may refer', () => {
    prepareAll(entities)
    prepareAll({ ...entities, vaults: [] })
    expect(prepared).to.have.members(['acl', 'cors'])
  })
})
