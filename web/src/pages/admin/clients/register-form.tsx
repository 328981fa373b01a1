import { type FormEvent, useState } from 'react'
import { faults } from '../../../api/errors.ts'
import { useTexts } from '../../../i18n/language.tsx'
import { StepUpDeclined } from '../../../session/step-up.ts'
import { Button } from '../../../ui/button.tsx'
import { Checkbox } from '../../../ui/checkbox.tsx'
import { Outcome } from '../../../ui/outcome.tsx'
import { TextArea } from '../../../ui/text-area.tsx'
import { TextField } from '../../../ui/text-field.tsx'
import { isValid } from '../../register/registration.ts'
import { ADDRESS_FIELDS, type AddressField, type Draft, EMPTY, refusedIn, toRegistration } from './draft.ts'
import { ScopeChoice } from './scope-choice.tsx'
import { type Credentials, useRegistration } from './use-clients.ts'

export function RegisterForm({ onIssued }: { onIssued(issued: Credentials): void }) {
  const { clients: texts, fields } = useTexts()
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

  const registration = toRegistration(draft)
  const isNameWrong = !isValid('name', draft.name)
  const hasNoAddress = registration.redirectUris.length === 0
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (!isNameWrong && !hasNoAddress) registers.mutate(registration)
  }
  const faultIn = (field: AddressField): string | undefined => {
    const refused = refusedIn(registers.error, field, registers.variables)
    if (refused.length > 0) return texts.refused(refused.join(', '))
    const isEmpty = tried && field === 'redirectUris' && hasNoAddress
    return isEmpty || faults(registers.error, field) ? texts.errors[field] : undefined
  }
  const error = registers.error instanceof StepUpDeclined ? null : registers.error

  return (
    <form noValidate onSubmit={submit} className="grid max-w-md gap-2">
      <TextField
        label={fields.name}
        autoComplete="off"
        required
        value={draft.name}
        error={(tried && isNameWrong) || faults(registers.error, 'name') ? fields.errors.name : undefined}
        onChange={({ target }) => change({ name: target.value })}
      />
      <Checkbox
        label={texts.confidential}
        checked={draft.confidential}
        onChange={(confidential) => change({ confidential })}
      />
      {ADDRESS_FIELDS.map((field) => (
        <TextArea
          key={field}
          label={texts.addresses[field]}
          rows={3}
          spellCheck={false}
          required={field === 'redirectUris'}
          value={draft[field]}
          error={faultIn(field)}
          onChange={({ target }) => change({ [field]: target.value })}
        />
      ))}
      <ScopeChoice chosen={draft.scopes} onChange={(scopes) => change({ scopes })} />
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
