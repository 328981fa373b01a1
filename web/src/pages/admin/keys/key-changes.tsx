import { useId } from 'react'
import { ApiError } from '../../../api/errors.ts'
import { useTexts } from '../../../i18n/language.tsx'
import { StepUpDeclined } from '../../../session/step-up.ts'
import { Button } from '../../../ui/button.tsx'
import { Outcome } from '../../../ui/outcome.tsx'
import { CHANGES, type Change, type Key, useChange } from './use-keys.ts'

/** Either may be pressed again after it failed, and goes on where it was. */
export function KeyChanges({ keys }: { keys: Key[] }) {
  const { keys: texts } = useTexts()
  const { error, isPending, isSuccess, variables, mutate } = useChange(keys)
  const code = error instanceof ApiError ? error.code : undefined
  const refused = (code && texts.refusals[code]) ?? texts.refused
  return (
    <div className="mt-6 grid gap-4">
      {CHANGES.map((how) => (
        <ChangeButton key={how} how={how} busy={isPending} onClick={() => mutate(how)} />
      ))}
      <Outcome
        error={error instanceof StepUpDeclined ? null : error}
        known={{ 403: texts.forbidden, 409: refused, 503: texts.away }}
        done={isSuccess && texts.done[variables]}
      />
    </div>
  )
}

function ChangeButton({ how, busy, onClick }: { how: Change; busy: boolean; onClick(): void }) {
  const { keys: texts } = useTexts()
  const explained = useId()
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
      <Button kind="quiet" busy={busy} aria-describedby={explained} onClick={onClick}>
        {texts.changes[how]}
      </Button>
      <p id={explained} className="text-muted">
        {texts.changesExplain[how]}
      </p>
    </div>
  )
}
