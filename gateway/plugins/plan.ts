import type { Entities, PluginEntity, Route } from '../entities.ts'
import type { RouteMatch } from '../exchange.ts'
import type { Gateway } from '../plugin.ts'
import { createPreparer, type Instance, registered } from './instances.ts'
import type { Registry } from './registry.ts'

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

/** Prepares every enabled plugin; which instances run for a route is worked out when it is first asked for. */
export function createPlans(entities: Entities, registry: Registry, gateway: Gateway): Plans {
  const enabled = entities.plugins.filter((plugin) => plugin.enabled)
  const byPlugin = scopesByPlugin(enabled, registry, createPreparer(entities, registry, gateway))
  const consumersWithPlugins = new Set(enabled.flatMap(({ consumer }) => (consumer ? [consumer.id] : [])))

  const slotsFor = (route: string, service: string | undefined, consumer?: string) =>
    byPlugin.map((scopes) => pick(scopes, route, service, consumer))
  const global = compile(slotsFor('', undefined))
  const byRoute = new Map<string, Plan>()

  function ofRoute({ id, service }: Route): Plan {
    const plan = compile(slotsFor(id, service?.id))
    byRoute.set(id, plan)
    return plan
  }

  return {
    global,
    of: ({ route }) => byRoute.get(route.id) ?? ofRoute(route),
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
  prepare: (plugin: PluginEntity) => Instance,
): Scopes[] {
  const byName = Map.groupBy(enabled, ({ name }) => name)
  const priorityOf = (name: string) => registered(name, registry).handler.priority
  const names = [...byName.keys()].sort((a, b) => priorityOf(b) - priorityOf(a) || b.localeCompare(a))
  return names.map((name) => scopesOf(byName.get(name) as PluginEntity[], prepare))
}

const scopesOf = (plugins: PluginEntity[], prepare: (plugin: PluginEntity) => Instance): Scopes =>
  new Map(plugins.map((plugin) => [scope(plugin.route?.id, plugin.service?.id, plugin.consumer?.id), prepare(plugin)]))
