import { ApiError, OfflineError } from '../api/errors.ts'
import { type Texts, useTexts } from '../i18n/language.tsx'

/** Why something failed, in the reader's language: `known` says it by status, the rest is the same everywhere. */
export function Failure({ error, known = {} }: { error: unknown; known?: Record<number, string> }) {
  const texts = useTexts()
  return (
    <p role="alert" className="min-h-6 font-medium text-bad">
      {error ? explain(error, known, texts) : undefined}
    </p>
  )
}

function explain(error: unknown, known: Record<number, string>, texts: Texts): string {
  if (error instanceof OfflineError) return texts.offline
  if (!(error instanceof ApiError)) return texts.failed
  return known[error.status] ?? ([429, 503].includes(error.status) ? texts.tryLater : texts.failed)
}
