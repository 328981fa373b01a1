import { createHash } from 'node:crypto'
import type { Entities } from './entities.ts'
import type { Workers } from './workers.ts'

/** The config in force, and the one way to change it. */
export interface ControlPlane {
  entities(): Entities
  /** Resolves when every worker serves these entities. Changes take effect one after the other, in the order of their calls. */
  replace(entities: Entities): Promise<void>
  /** Kong's `configuration_hash`: 32 hexadecimal digits. */
  configHash(): string
}

/** Kong's hash of an empty config. */
const EMPTY_HASH = '0'.repeat(32)

export function createControlPlane({ workers, initial }: { workers: Workers; initial: Entities }): ControlPlane {
  let inForce = initial
  let hash = hashOf(initial)
  let turn = Promise.resolve()

  async function change(next: Entities): Promise<void> {
    await workers.apply(next)
    inForce = next
    hash = hashOf(next)
  }

  return {
    entities: () => inForce,
    replace(next) {
      const changed = turn.then(() => change(next))
      turn = changed.catch(() => undefined)
      return changed
    },
    configHash: () => hash,
  }
}

function hashOf(entities: Entities): string {
  const isEmpty = Object.values(entities).every((collection) => collection.length === 0)
  return isEmpty ? EMPTY_HASH : createHash('md5').update(JSON.stringify(entities)).digest('hex')
}
