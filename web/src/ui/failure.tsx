import { ApiError, mayPass, OfflineError } from '../api/errors.ts'
import { type Texts, useTexts } from '../i18n/language.tsx'
import { TextButton } from './text-button.tsx'

interface Props {
  error: unknown
  known?: Record<number, string>
  /** Of what was to be shown: without it one would have to load the page again. */
  onRetry?(): void
}

/** Why something failed, in the reader's language: `known` says it by status, the rest is the same everywhere. */
export function Failure({ error, known = {}, onRetry }: Props) {
  const texts = useTexts()
  return (
    <p role="alert" className="min-h-6 font-medium text-bad">
      {error ? explain(error, known, texts) : undefined}
      {error && onRetry && mayPass(error) ? (
        <TextButton className="ml-3" onClick={() => onRetry()}>
          {texts.tryAgain}
        </TextButton>
      ) : null}
    </p>
  )
}

function explain(error: unknown, known: Record<number, string>, texts: Texts): string {
  if (error instanceof OfflineError) return texts.offline
  if (!(error instanceof ApiError)) return texts.failed
  return known[error.status] ?? ([429, 503].includes(error.status) ? texts.tryLater : texts.failed)
}
