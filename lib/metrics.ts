import { collectDefaultMetrics, Registry } from 'prom-client'

/** A service's own registry, with the process's default metrics and its name on every series. */
export function createMetrics(service: string): Registry {
  const registry = new Registry()
  registry.setDefaultLabels({ service })
  collectDefaultMetrics({ register: registry })
  return registry
}
