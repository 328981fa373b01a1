import type { Entity } from '../entities.ts'

/** What an entity of any collection says, by name. */
export type Fields = Record<string, unknown>

export const fieldsOf = (entity: Entity) => entity as unknown as Fields

export function referenceOf(entity: Entity, field: string): string | undefined {
  return (fieldsOf(entity)[field] as { id: string } | null | undefined)?.id
}
