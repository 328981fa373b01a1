import { type FormEvent, useState } from 'react'
import { useTexts } from '../../../i18n/language.tsx'
import { StepUpDeclined } from '../../../session/step-up.ts'
import { Button } from '../../../ui/button.tsx'
import { Checkbox } from '../../../ui/checkbox.tsx'
import { Outcome } from '../../../ui/outcome.tsx'
import { ClientFields } from './client-fields.tsx'
import { type Draft, EMPTY, isComplete, toRegistration } from './draft.ts'
import { type Credentials, useRegistration } from './use-clients.ts'

export function RegisterForm({ onIssued }: { onIssued(issued: Credentials): void }) {
  const { clients: texts } = useTexts()
  const [draft, setDraft] = useState(EMPTY)
  const [tried, setTried] = useState(false)
  const registers = useRegistration((issued) => {
    onIssued(issued)
    setDraft(EMPTY)
    setTried(false)
  })
  const change = (part: Partial<Draft>) => {
    setDraft({ ...draft, ...part })
    if (registers.isError) registers.reset()
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (isComplete(draft)) registers.mutate(toRegistration(draft))
  }
  const error = registers.error instanceof StepUpDeclined ? null : registers.error

  return (
    <form noValidate onSubmit={submit} className="grid max-w-md gap-2">
      <ClientFields draft={draft} tried={tried} outcome={registers} onChange={change}>
        <Checkbox
          label={texts.confidential}
          checked={draft.confidential}
          onChange={(confidential) => change({ confidential })}
        />
      </ClientFields>
      <Outcome
        error={error}
        known={{ 400: texts.invalid, 403: texts.forbidden }}
        done={registers.isSuccess && texts.done.register}
      />
      <Button type="submit" busy={registers.isPending}>
        {texts.register}
      </Button>
    </form>
  )
}
