import type { Entity } from '../entities.ts'
import { WORKSPACE } from '../workspace.ts'

/** An entity as Kong shows it to clients and in logs: without what is not declared. */
export function shown(entity: Entity): Record<string, unknown> {
  return Object.fromEntries(Object.entries(entity).filter(([, value]) => value !== null))
}

/** Routes and services tell their workspace too. */
export const shownInWorkspace = (entity: Entity) => ({ ...shown(entity), ws_id: WORKSPACE.id })
