import type { BalancedTarget } from './target.ts'

/** What is known of the try that a target is wanted for. */
export interface Choice {
  /** The value that consistent hashing goes by. */
  hash: string
  /** Targets that have failed this request already. */
  failed: ReadonlySet<BalancedTarget>
  /** Whether a target may be asked at all. */
  usable(target: BalancedTarget): boolean
}

/** Gives the target of the next try; undefined when there is none. Targets without weight are never among those it knows. */
export type Algorithm = (choice: Choice) => BalancedTarget | undefined
