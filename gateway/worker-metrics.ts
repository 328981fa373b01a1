import { Gauge, type Registry } from 'prom-client'
import type { Traffic } from './proxy/traffic.ts'

const SUBSYSTEM = 'http'

/** A worker's connections and requests by the names that Kong has for nginx's; those of all workers are added up. */
export function registerTraffic(registry: Registry, traffic: Traffic, nodeId: string): void {
  new Gauge({
    name: 'kong_nginx_connections_total',
    help: 'Connections of clients by state',
    labelNames: ['node_id', 'subsystem', 'state'],
    registers: [registry],
    collect() {
      const { accepted, active, requests, underWay } = traffic
      const waiting = Math.max(0, active - underWay)
      const states = { accepted, handled: accepted, total: requests, active, reading: 0, writing: underWay, waiting }
      for (const [state, count] of Object.entries(states))
        this.set({ node_id: nodeId, subsystem: SUBSYSTEM, state }, count)
    },
  })
  new Gauge({
    name: 'kong_nginx_requests_total',
    help: 'Requests so far',
    labelNames: ['node_id', 'subsystem'],
    registers: [registry],
    collect() {
      this.set({ node_id: nodeId, subsystem: SUBSYSTEM }, traffic.requests)
    },
  })
}
