import { createHash } from 'node:crypto'

/**
 * What was changed through the Admin API, for the next start. It belongs to the declaration that it began with: where the declared
 * files say something else now, they are the newer word, and what was kept counts no more.
 */
export interface Kept {
  /** The fingerprint of that declaration. */
  declaration: string
  entities: unknown
}

export interface Store {
  read(): Promise<Kept | undefined>
  save(kept: Kept): Promise<void>
  clear(): Promise<void>
  close(): Promise<void>
}

/** Tells one declaration from another, its variables filled in. */
export function fingerprint(document: unknown): string {
  return createHash('sha256').update(JSON.stringify(document)).digest('hex')
}
