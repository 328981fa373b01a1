import { randomBytes } from 'node:crypto'
import { fieldsByName } from './complete.ts'
import type { Schema } from './schema.ts'

/** What the gateway gives an entity that does not bring it along: id, times, keys. */
export function autoValues({ fields }: Schema, id: string, now: number): Record<string, unknown> {
  const values: Record<string, unknown> = {}
  for (const [name, field] of fieldsByName(fields)) {
    if (!field.auto) continue
    if (field.uuid) values[name] = id
    else values[name] = field.timestamp ? now : randomBytes(24).toString('base64url')
  }
  return values
}
