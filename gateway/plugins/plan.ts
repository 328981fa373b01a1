import type { Entities, PluginEntity } from '../entities.ts'
import type { RouteMatch } from '../exchange.ts'
import type { Gateway, Plugin } from '../plugin.ts'
import type { RegisteredPlugin, Registry } from './registry.ts'

/** A declared plugin, ready to run: `config` is what its `prepare` made of the declared one. */
export interface Instance {
  handler: Plugin<never, unknown>
  config: unknown
}

/** The instance of each plugin that runs for one request, and which of them take part in the phases behind `access`. */
export interface Plan {
  /** By plugin, in order of priority; undefined where nothing is declared that applies. */
  slots: readonly (Instance | undefined)[]
  headerFilters: readonly Instance[]
  bodyFilters: readonly Instance[]
  logs: readonly Instance[]
  /** Plans that were made of this one when a consumer appeared, by consumer and by the slot behind which it did. */
  continuations: Map<string, Plan>
}

export interface Plans {
  /** Of what is declared for everybody; it alone applies where no route matched. */
  global: Plan
  of(match: RouteMatch): Plan
  /** The plan from slot `at` on, now that the request's consumer is another; what ran before stays. */
  continued(plan: Plan, at: number, match: RouteMatch, consumerId: string | undefined): Plan
}

/** Instances of one plugin by the combination of route, service and consumer that they are declared for. */
type Scopes = Map<string, Instance>

const scope = (route = '', service = '', consumer = '') => `${route}:${service}:${consumer}`

/** The most specific instance: Kong's order of precedence. */
function pick(scopes: Scopes, route: string, service: string | undefined, consumer: string | undefined) {
  return (
    (consumer &&
      ((service && scopes.get(scope(route, service, consumer))) ||
        scopes.get(scope(route, '', consumer)) ||
        (service && scopes.get(scope('', service, consumer))))) ||
    (service && scopes.get(scope(route, service))) ||
    (consumer && scopes.get(scope('', '', consumer))) ||
    scopes.get(scope(route)) ||
    (service && scopes.get(scope('', service))) ||
    scopes.get(scope()) ||
    undefined
  )
}

function compile(slots: Plan['slots']): Plan {
  const instances = slots.filter((instance) => instance !== undefined)
  return {
    slots,
    headerFilters: instances.filter(({ handler }) => handler.headerFilter),
    bodyFilters: instances.filter(
      ({ handler, config }) => handler.bodyFilter && (handler.filtersBody?.(config) ?? true),
    ),
    logs: instances.filter(({ handler }) => handler.log),
    continuations: new Map(),
  }
}

/** Prepares every enabled plugin and works out, for each route, which instances run. */
export function createPlans(entities: Entities, registry: Registry, gateway: Gateway): Plans {
  const enabled = entities.plugins.filter((plugin) => plugin.enabled)
  const vault = gateway.vault(entities.vaults)
  const prepare = (plugin: PluginEntity, { handler, schema }: RegisteredPlugin): Instance => {
    try {
      const { config } = vault.resolve(schema.fields, plugin)
      return { handler, config: handler.prepare ? handler.prepare(config as never, gateway, plugin) : config }
    } catch (cause) {
      throw new Error(`${placeOf(plugin, entities)}: ${(cause as Error).message}`, { cause })
    }
  }
  const byPlugin = [...scopesByPlugin(enabled, registry, prepare).values()]
  const consumersWithPlugins = new Set(enabled.flatMap(({ consumer }) => (consumer ? [consumer.id] : [])))

  const slotsFor = (route: string, service: string | undefined, consumer?: string) =>
    byPlugin.map((scopes) => pick(scopes, route, service, consumer))
  const byRoute = new Map(entities.routes.map(({ id, service }) => [id, compile(slotsFor(id, service?.id))]))
  const global = compile(slotsFor('', undefined))

  return {
    global,
    of: ({ route }) => byRoute.get(route.id) ?? global,
    continued(plan, at, { route, service }, consumerId) {
      if (plan === byRoute.get(route.id) && !consumersWithPlugins.has(consumerId ?? '')) return plan
      const key = `${at}:${consumerId}`
      let next = plan.continuations.get(key)
      if (next === undefined) {
        next = compile([...plan.slots.slice(0, at), ...slotsFor(route.id, service?.id, consumerId).slice(at)])
        plan.continuations.set(key, next)
      }
      return next
    },
  }
}

/** In order of priority; Kong puts equals in descending order of their names. */
function scopesByPlugin(
  enabled: PluginEntity[],
  registry: Registry,
  prepare: (plugin: PluginEntity, registered: RegisteredPlugin) => Instance,
): Map<string, Scopes> {
  const byName = new Map<string, Scopes>()
  const ordered = enabled
    .map((plugin) => ({ plugin, entry: registered(plugin, registry) }))
    .sort((a, b) => b.entry.handler.priority - a.entry.handler.priority || b.plugin.name.localeCompare(a.plugin.name))
  for (const { plugin, entry } of ordered) {
    const scopes: Scopes = byName.get(plugin.name) ?? new Map()
    byName.set(plugin.name, scopes)
    scopes.set(scope(plugin.route?.id, plugin.service?.id, plugin.consumer?.id), prepare(plugin, entry))
  }
  return byName
}

function registered({ name }: PluginEntity, registry: Registry): RegisteredPlugin {
  const entry = registry[name]
  if (entry === undefined) throw new Error(`no plugin is called '${name}'`)
  return entry
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
