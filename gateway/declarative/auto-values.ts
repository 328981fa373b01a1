import { randomBytes } from 'node:crypto'
import { fieldsByName } from './complete.ts'
import type { Schema } from './schema.ts'

/** The entity with what the gateway gives it where it does not bring it along: id, times, keys. */
export function withAutoValues(
  { fields }: Schema,
  entity: Record<string, unknown>,
  { id, now }: { id: string; now: number },
): Record<string, unknown> {
  const values = { ...entity }
  for (const [name, field] of fieldsByName(fields)) {
    if (!field.auto || values[name] !== undefined) continue
    if (field.uuid) values[name] = id
    else values[name] = field.timestamp ? now : randomBytes(24).toString('base64url')
  }
  return values
}
