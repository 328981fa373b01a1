import type { Candidate } from './target.ts'

/** What is known of the try that an address is wanted for. */
export interface Choice {
  /** The value that consistent hashing goes by. */
  hash: string
  /** Those that have failed this request already. */
  failed: ReadonlySet<Candidate>
  /** Whether an address may be asked at all. */
  usable(candidate: Candidate): boolean
}

/** Gives the address of the next try; undefined when there is none. Targets without weight are never among those it knows. */
export type Algorithm = (choice: Choice) => Candidate | undefined
