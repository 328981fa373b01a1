import type { PluginInForce, Route } from './use-gateway.ts'

/** Those of which a name, a path or a plugin contains the text. */
export function matching(routes: Route[], text: string): Route[] {
  const wanted = text.trim().toLowerCase()
  return routes.filter(({ name, service, paths, hosts, plugins }) =>
    [name, service, ...(paths ?? []), ...(hosts ?? []), ...plugins.map((plugin) => plugin.name)].some((part) =>
      part?.toLowerCase().includes(wanted),
    ),
  )
}

/** The plugins that routes have of the whole gateway, each once, in the order in which they run. */
export function everywhere(routes: Route[]): PluginInForce[] {
  const found = routes.flatMap(({ plugins }) => plugins.filter(({ scope }) => scope === 'global'))
  return [...new Map(found.map((plugin) => [keyOf(plugin), plugin])).values()]
}

export const keyOf = ({ name, scope, consumer = '' }: PluginInForce): string => `${name} ${scope} ${consumer}`

/** `{minute: 60, groups: {gold: {day: 9}}}` as `minute 60, groups gold (day 9)`. */
export const settingsText = (settings: object): string =>
  Object.entries(settings)
    .map(([name, value]) => `${name} ${valueText(value)}`)
    .join(', ')

function valueText(value: unknown): string {
  if (Array.isArray(value)) return value.join(' ')
  if (typeof value !== 'object' || value === null) return String(value)
  return Object.entries(value)
    .map(([name, inner]) => `${name} (${settingsText(inner)})`)
    .join(', ')
}
