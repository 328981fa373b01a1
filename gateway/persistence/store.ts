import { createHash } from 'node:crypto'
import type { Change } from '../changes.ts'
import type { Entities } from '../entities.ts'

/**
 * What was changed through the Admin API, for the next start. It belongs to the declaration that it began with: where the declared
 * files say something else now, they are the newer word, and what was kept counts no more.
 */
export interface Kept {
  /** The fingerprint of that declaration. */
  declaration: string
  entities: unknown
}

export interface Edited {
  declaration: string
  entities: Entities
  /** What has become of the entities since they were last saved: a store need not write all of them again. */
  changes: readonly Change[]
}

export interface Store {
  read(): Promise<Kept | undefined>
  /** Resolves when it would outlive a power failure. One at a time. */
  save(edited: Edited): Promise<void>
  clear(): Promise<void>
  /** Whether something could be kept now. */
  isReachable(): Promise<boolean>
  close(): Promise<void>
}

/** Tells one declaration from another, its variables filled in. */
export function fingerprint(document: unknown): string {
  return createHash('sha256').update(JSON.stringify(document)).digest('hex')
}
