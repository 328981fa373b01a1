import type { Registry } from 'prom-client'
import type { Route } from '../../entities.ts'
import type { Exchange, RouteMatch } from '../../exchange.ts'
import type { Plugin } from '../../plugin.ts'
import { createSeries, type RouteSeries, type Series } from './series.ts'

interface Config {
  per_consumer: boolean
  status_code_metrics: boolean
  latency_metrics: boolean
  bandwidth_metrics: boolean
}

interface Prepared extends Config {
  seriesFor(match: RouteMatch): RouteSeries
  countFailure: Series['countFailure']
}

/** Of each worker's registry: its metrics outlive a reload. */
const seriesOf = new WeakMap<Registry, Series>()

export const handler: Plugin<Config, Prepared> = {
  name: 'prometheus',
  priority: 13,

  prepare(config, { metrics }) {
    const all = seriesOf.get(metrics) ?? createSeries(metrics)
    seriesOf.set(metrics, all)
    const known = new WeakMap<Route, RouteSeries>()
    return {
      ...config,
      countFailure: all.countFailure,
      seriesFor({ route, service }) {
        let series = known.get(route)
        if (series === undefined) {
          series = all.ofRoute(service?.name ?? service?.host ?? '', route.name ?? route.id)
          known.set(route, series)
        }
        return series
      },
    }
  },

  log(config, request) {
    try {
      measure(config, request)
    } catch (error) {
      config.countFailure()
      throw error
    }
  },
}

function measure(config: Prepared, { match, consumer, response, latency, bytes }: Exchange): void {
  if (match === undefined) return
  const series = config.seriesFor(match)
  const username = (config.per_consumer && consumer?.username) || ''
  if (config.bandwidth_metrics) {
    if (bytes.received > 0) series.countBytes('ingress', username, bytes.received)
    if (bytes.sent > 0) series.countBytes('egress', username, bytes.sent)
  }
  if (config.status_code_metrics)
    series.countRequest(response.status, response.source === 'service' ? 'service' : 'kong', username)
  if (config.latency_metrics) {
    series.requestLatency.observe(latency.total)
    if (latency.upstream !== undefined) series.upstreamLatency.observe(latency.upstream)
    series.gatewayLatency.observe(latency.upstream === undefined ? latency.total : latency.gateway)
  }
}
