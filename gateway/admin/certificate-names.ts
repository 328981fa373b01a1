import { randomUUID } from 'node:crypto'
import type { Entities } from '../entities.ts'
import { type Edited, type Fresh, insert } from './edit.ts'
import { type Fields, referenceOf } from './fields.ts'
import { schemaViolation } from './refusals.ts'
import { remove } from './remove.ts'

export type Write = (entities: Entities, input: Fields, fresh: Fresh) => Edited

/** A certificate may be written together with the list of its SNIs, which then has those and no others. */
export function withNames(write: Write): Write {
  return (entities, { snis, ...input }, fresh) => {
    const written = write(entities, input, fresh)
    if (snis === undefined || snis === null) return written
    const names = typeof snis === 'string' ? [snis] : snis
    if (!Array.isArray(names)) throw schemaViolation({ snis: 'expected a set' })
    const { id } = written.result
    assertFree(entities, names, id)
    const left = written.entities.snis
      .filter((sni) => referenceOf(sni, 'certificate') === id && !names.includes(sni.name))
      .reduce((rest, sni) => remove(rest, 'snis', sni), written.entities)
    const missing = names.filter((name) => !left.snis.some((sni) => sni.name === name))
    const named = missing.reduce(
      (rest: Entities, name) =>
        insert(rest, 'snis', { name, certificate: { id } }, { now: fresh.now, id: randomUUID() }).entities,
      left,
    )
    return { ...written, entities: named }
  }
}

function assertFree({ snis }: Entities, names: unknown[], certificate: string): void {
  const twice = names.find((name, at) => names.indexOf(name) !== at)
  if (twice !== undefined) throw schemaViolation({ snis: `${twice} is duplicated` })
  for (const sni of snis) {
    const owner = referenceOf(sni, 'certificate')
    if (owner !== certificate && names.includes(sni.name))
      throw schemaViolation({ snis: `${sni.name} already associated with existing certificate '${owner}'` })
  }
}
