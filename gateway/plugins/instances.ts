import type { Entities, PluginEntity } from '../entities.ts'
import type { Gateway, Plugin } from '../plugin.ts'
import type { RegisteredPlugin, Registry } from './registry.ts'

/** A declared plugin, ready to run: `config` is what its `prepare` made of the declared one. */
export interface Instance {
  handler: Plugin<never, unknown>
  config: unknown
}

/** By what an instance is made of besides the plugin itself: a change of other plugins, routes or consumers leaves it as it is. */
const preparedOf = new WeakMap<Gateway, WeakMap<Entities['vaults'], WeakMap<PluginEntity, Instance>>>()

/** Makes the instance of a declared plugin, unless there is one from before. Throws with the plugin's place where it cannot. */
export function createPreparer(
  entities: Entities,
  registry: Registry,
  gateway: Gateway,
): (plugin: PluginEntity) => Instance {
  const vault = gateway.vault(entities.vaults)
  const prepared = preparedWith(gateway, entities.vaults)
  return (plugin) => {
    const known = prepared.get(plugin)
    if (known) return known
    const { handler, schema } = registered(plugin.name, registry)
    try {
      const { config } = vault.resolve(schema.fields, plugin)
      const made = { handler, config: handler.prepare ? handler.prepare(config as never, gateway, plugin) : config }
      prepared.set(plugin, made)
      return made
    } catch (cause) {
      throw new Error(`${placeOf(plugin, entities)}: ${(cause as Error).message}`, { cause })
    }
  }
}

export function registered(name: string, registry: Registry): RegisteredPlugin {
  const entry = registry[name]
  if (entry === undefined) throw new Error(`no plugin is called '${name}'`)
  return entry
}

function preparedWith(gateway: Gateway, vaults: Entities['vaults']): WeakMap<PluginEntity, Instance> {
  const byVaults = preparedOf.get(gateway) ?? new WeakMap<Entities['vaults'], WeakMap<PluginEntity, Instance>>()
  preparedOf.set(gateway, byVaults)
  const prepared = byVaults.get(vaults) ?? new WeakMap<PluginEntity, Instance>()
  byVaults.set(vaults, prepared)
  return prepared
}

/** How a person finds the plugin in the file. */
function placeOf({ name, route, service, consumer }: PluginEntity, entities: Entities): string {
  const owners = [
    route && `route ${entities.routes.find(({ id }) => id === route.id)?.name ?? route.id}`,
    service && `service ${entities.services.find(({ id }) => id === service.id)?.name ?? service.id}`,
    consumer && `consumer ${entities.consumers.find(({ id }) => id === consumer.id)?.username ?? consumer.id}`,
  ].filter((owner) => owner !== null)
  return `plugin ${name} (${owners.join(', ') || 'global'})`
}
