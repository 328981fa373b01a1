import { createBalancer } from '../balancer/balancer.ts'
import type { HealthView } from '../balancer/health-view.ts'
import type { BalancerMemory } from '../balancer/memory.ts'
import type { Resolver } from '../balancer/resolver.ts'
import { readCertificates } from '../certificates.ts'
import type { Entities } from '../entities.ts'
import type { Gateway } from '../plugin.ts'
import { createRunner } from '../plugins/runner.ts'
import { createRouter, type Router } from '../router/router.ts'
import type { Snapshot } from './data-plane.ts'
import { createTlsContexts } from './tls-contexts.ts'

/** What outlives a snapshot. */
interface Lasting {
  gateway: Gateway
  resolver: Resolver
  health: HealthView
  memory: BalancerMemory
}

/** What is in force so far. */
interface InForce {
  entities: Entities
  snapshot: Snapshot
}

/** Works out what a config means for traffic; throws where it cannot be put in force. */
export function createSnapshot(
  entities: Entities,
  { gateway, resolver, health, memory }: Lasting,
  before?: InForce,
): Snapshot {
  const certificates = readCertificates(entities, gateway.vault(entities.vaults))
  return {
    router: routerOf(entities, before),
    runner: createRunner(entities, gateway),
    tlsContexts: createTlsContexts(entities, certificates),
    balancer: createBalancer({ entities, certificates, resolver, health, memory }),
  }
}

/** Of thousands of routes it takes a while, and most changes leave them as they are. */
function routerOf({ routes, services }: Entities, before: InForce | undefined): Router {
  const isSame = before?.entities.routes === routes && before.entities.services === services
  return isSame ? before.snapshot.router : createRouter(routes, services)
}
