import type { Middleware } from 'koa'
import type { AdminApi, Service } from '../admin-api.ts'
import { shared } from '../in-flight.ts'
import { pluginsInForce } from '../plugins-in-force.ts'

/** `GET /api/v1/operations/gateway`: services and routes as they are in force, each route with the plugins that run for it, in their order. */
export function showGateway({ admin }: { admin: AdminApi }): Middleware {
  const read = shared(async () => {
    const [node, services, routes, plugins] = await Promise.all([
      admin.node(),
      ...([admin.all('services'), admin.all('routes'), admin.all('plugins')] as const),
    ])
    const names = new Map(services.map(({ id, name }) => [id, name ?? id]))
    const priority = (plugin: string) => node.plugins.available_on_server[plugin]?.priority ?? 0
    const shown = routes.map((route) => ({
      ...{ id: route.id, name: route.name, methods: route.methods, hosts: route.hosts, paths: route.paths },
      service: route.service && names.get(route.service.id),
      plugins: pluginsInForce(route, plugins).sort((a, b) => priority(b.name) - priority(a.name)),
    }))
    const { version, hostname } = node
    return { node: { version, hostname }, services: services.map(present).sort(byName), routes: shown.sort(byName) }
  })
  return async function showsGateway(ctx) {
    ctx.body = { status: 'success', data: await read() }
  }
}

const present = ({ id, name, enabled, protocol, host, port, path }: Service) => ({
  ...{ id, name, enabled },
  url: `${protocol}://${host}:${port}${path ?? ''}`,
})

const byName = (a: { name: string | null }, b: { name: string | null }): number =>
  (a.name ?? '') < (b.name ?? '') ? -1 : 1
