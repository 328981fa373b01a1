import type { Plugin, Route } from './admin-api.ts'

const SCOPES = ['global', 'service', 'route'] as const

export interface PluginInForce {
  name: string
  /** The narrowest thing that it is declared on. */
  scope: (typeof SCOPES)[number]
  /** Its id, where it is for one consumer only. */
  consumer?: string
  settings: Record<string, unknown>
}

/** What may be shown of a plugin: nothing else of its configuration leaves, as secrets may stand anywhere in it. */
const SHOWN: Record<string, readonly string[] | undefined> = {
  acl: ['allow', 'deny'],
  cors: ['origins'],
  'group-quota': ['groups', 'policy'],
  'key-auth': ['key_names'],
  'rate-limiting': ['second', 'minute', 'hour', 'day', 'month', 'year', 'limit_by', 'policy'],
  'request-size-limiting': ['allowed_payload_size', 'size_unit'],
  'trusted-identity': ['roles', 'amr', 'max_auth_age', 'on_redis_error'],
}

/** The plugins that run for a route's requests: of one name the one that is declared closest to the route, alone. */
export function pluginsInForce(route: Route, plugins: Plugin[]): PluginInForce[] {
  const reaching = plugins.filter(
    ({ enabled, route: only, service }) =>
      enabled && [route.id, undefined].includes(only?.id) && [route.service?.id, undefined].includes(service?.id),
  )
  const rivals = Map.groupBy(reaching, ({ name, consumer }) => `${name} ${consumer?.id ?? ''}`)
  return [...rivals.values()]
    .flatMap((group) => group.toSorted((a, b) => closeness(b) - closeness(a)).slice(0, 1))
    .map(present)
}

const closeness = ({ route, service }: Plugin): number => (route ? 2 : 0) + (service ? 1 : 0)

function present(plugin: Plugin): PluginInForce {
  const { name, route, service, consumer } = plugin
  const scope = route ? 'route' : service ? 'service' : 'global'
  return { name, scope, ...(consumer && { consumer: consumer.id }), settings: settingsOf(plugin) }
}

const settingsOf = ({ name, config }: Plugin): Record<string, unknown> =>
  Object.fromEntries((SHOWN[name] ?? []).map((field) => [field, config[field]]).filter(([, value]) => value != null))
