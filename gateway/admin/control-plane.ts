import type { ControlPlane as GatewayControlPlane } from '../control-plane.ts'

/** What the Admin API asks of the rest of the gateway. Of entities in force, secrets in vaults stand there as references. */
export type ControlPlane = Pick<GatewayControlPlane, 'entities' | 'change' | 'replace' | 'configHash'>
