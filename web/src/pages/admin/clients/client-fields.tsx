import type { ReactNode } from 'react'
import { faults } from '../../../api/errors.ts'
import { useTexts } from '../../../i18n/language.tsx'
import { TextArea } from '../../../ui/text-area.tsx'
import { TextField } from '../../../ui/text-field.tsx'
import { isValid } from '../../register/registration.ts'
import { ADDRESS_FIELDS, type AddressField, type Draft, type Registration, refusedIn, toRegistration } from './draft.ts'
import { ScopeChoice } from './scope-choice.tsx'

interface Props {
  draft: Draft
  /** What is wrong is said once the form was to be sent. */
  tried: boolean
  /** How sending it went. */
  outcome: { error: unknown; variables: Partial<Registration> | undefined }
  onChange(part: Partial<Draft>): void
  /** What stands after the name. */
  children?: ReactNode
}

/** What an app is registered with, as it is typed, each fault beside its field. */
export function ClientFields({ draft, tried, outcome: { error, variables }, onChange, children }: Props) {
  const { clients: texts, fields } = useTexts()
  const hasNoAddress = toRegistration(draft).redirectUris.length === 0
  const faultIn = (field: AddressField): string | undefined => {
    const refused = refusedIn(error, field, variables)
    if (refused.length > 0) return texts.refused(refused.join(', '))
    const isEmpty = tried && field === 'redirectUris' && hasNoAddress
    return isEmpty || faults(error, field) ? texts.errors[field] : undefined
  }
  return (
    <>
      <TextField
        label={fields.name}
        autoComplete="off"
        required
        value={draft.name}
        error={(tried && !isValid('name', draft.name)) || faults(error, 'name') ? fields.errors.name : undefined}
        onChange={({ target }) => onChange({ name: target.value })}
      />
      {children}
      {ADDRESS_FIELDS.map((field) => (
        <TextArea
          key={field}
          label={texts.addresses[field]}
          rows={3}
          spellCheck={false}
          required={field === 'redirectUris'}
          value={draft[field]}
          error={faultIn(field)}
          onChange={({ target }) => onChange({ [field]: target.value })}
        />
      ))}
      <ScopeChoice chosen={draft.scopes} onChange={(scopes) => onChange({ scopes })} />
    </>
  )
}
