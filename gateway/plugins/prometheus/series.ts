import { Counter, type CounterConfiguration, Histogram, type Registry } from 'prom-client'
import { WORKSPACE } from '../../workspace.ts'

const LATENCY = ['service', 'route', 'workspace']
const GATEWAY_BUCKETS = [1, 2, 5, 7, 10, 15, 20, 30, 50, 75, 100, 200, 500, 750, 1000, 3000, 6000]
const UPSTREAM_BUCKETS = [25, 50, 80, 100, 250, 400, 700, 1000, 2000, 5000, 10000, 30000, 60000]

/** Everything counted for one route. */
export interface RouteSeries {
  requestLatency: Histogram.Internal<string>
  upstreamLatency: Histogram.Internal<string>
  gatewayLatency: Histogram.Internal<string>
  countRequest(code: number, source: string, consumer: string): void
  countBytes(direction: 'ingress' | 'egress', consumer: string, bytes: number): void
}

export interface Series {
  /** By the names of its service and itself. */
  ofRoute(service: string, route: string): RouteSeries
  /** A request that could not be measured, or not whole. */
  countFailure(): void
}

/** Kong's metrics, by Kong's names and labels. */
export function createSeries(registry: Registry): Series {
  const histogram = (name: string, help: string, buckets: number[]) =>
    new Histogram({ name, help, labelNames: LATENCY, buckets, registers: [registry] })
  const requestLatency = histogram('kong_request_latency_ms', 'Whole time of requests', UPSTREAM_BUCKETS)
  const upstreamLatency = histogram('kong_upstream_latency_ms', 'Time spent waiting for upstreams', UPSTREAM_BUCKETS)
  const gatewayLatency = histogram('kong_kong_latency_ms', 'Time spent in the gateway and its plugins', GATEWAY_BUCKETS)
  const failures = new Counter({
    name: 'kong_nginx_metric_errors_total',
    help: 'Number of nginx-lua-prometheus errors',
    registers: [registry],
  })
  const requests = tally(registry, {
    name: 'kong_http_requests_total',
    help: 'Requests by status code',
    labelNames: ['service', 'route', 'code', 'source', 'workspace', 'consumer'],
  })
  const bandwidth = tally(registry, {
    name: 'kong_bandwidth_bytes',
    help: 'Bytes received from and sent to clients',
    labelNames: ['service', 'route', 'direction', 'workspace', 'consumer'],
  })

  function create(service: string, route: string): RouteSeries {
    const labels = { service, route, workspace: WORKSPACE.name }
    const countRequest = requests((code, source, consumer) => ({ ...labels, code, source, consumer }))
    const countBytes = bandwidth((direction, consumer) => ({ ...labels, direction, consumer }))
    return {
      requestLatency: requestLatency.labels(labels),
      upstreamLatency: upstreamLatency.labels(labels),
      gatewayLatency: gatewayLatency.labels(labels),
      countRequest: (code, source, consumer) => countRequest(1, String(code), source, consumer),
      countBytes: (direction, consumer, bytes) => countBytes(bytes, direction, consumer),
    }
  }

  const known = new Map<string, RouteSeries>()
  return {
    countFailure: () => failures.inc(),
    ofRoute(service, route) {
      const key = JSON.stringify([service, route])
      let series = known.get(key)
      if (series === undefined) {
        series = create(service, route)
        known.set(key, series)
      }
      return series
    },
  }
}

type Labels = Record<string, string>

/**
 * A counter that is only added to in memory while requests run and handed to prom-client when it is read:
 * there each increment would sort and hash its labels.
 */
function tally(registry: Registry, configuration: CounterConfiguration<string>) {
  const pending = new Map<Labels, number>()
  new Counter({
    ...configuration,
    registers: [registry],
    collect() {
      for (const [labels, count] of pending) this.inc(labels, count)
      pending.clear()
    },
  })
  return (labelsOf: (...values: string[]) => Labels) => {
    const known = new Map<string, Labels>()
    return (by: number, ...values: string[]) => {
      const key = values.join('\n')
      let labels = known.get(key)
      if (labels === undefined) {
        labels = labelsOf(...values)
        known.set(key, labels)
      }
      pending.set(labels, (pending.get(labels) ?? 0) + by)
    }
  }
}
