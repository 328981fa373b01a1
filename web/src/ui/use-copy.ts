import { useState } from 'react'

/** Copies the text when called, and says how that went: a browser may forbid it, or have no clipboard. */
export function useCopy(text: string): [outcome: 'copied' | 'notCopied' | undefined, copy: () => Promise<void>] {
  const [outcome, setOutcome] = useState<'copied' | 'notCopied'>()
  const copy = () =>
    Promise.resolve(navigator.clipboard?.writeText(text) ?? Promise.reject()).then(
      () => setOutcome('copied'),
      () => setOutcome('notCopied'),
    )
  return [outcome, copy]
}
