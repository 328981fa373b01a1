import { type FormEvent, useState } from 'react'
import { useTexts } from '../../../i18n/language.tsx'
import { Button } from '../../../ui/button.tsx'
import { TextField } from '../../../ui/text-field.tsx'
import { isValid } from '../../register/registration.ts'
import type { Member } from '../members/member.ts'
import { StatusName } from '../members/status-name.tsx'
import type { Changes } from './use-member.ts'

const FIELDS = ['name', 'email', 'phoneNumber'] as const

interface Props {
  member: Member
  busy: boolean
  onSave(changes: Changes): void
}

/** Shows the member as they are, but for the fields in which somebody types. */
export function MemberForm({ member, busy, onSave }: Props) {
  const { member: texts, fields, members } = useTexts()
  const [typed, setTyped] = useState<Changes>({})
  const values = { ...member, ...typed }
  const changed = FIELDS.filter((field) => values[field] !== member[field])
  const valid = FIELDS.every((field) => isValid(field, values[field]))
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!valid || changed.length === 0) return
    setTyped({})
    onSave(Object.fromEntries(changed.map((field) => [field, values[field]])))
  }
  return (
    <form noValidate onSubmit={submit} className="mt-4 grid gap-2">
      <p>
        {members.status}: <StatusName status={member.status} />
      </p>
      {FIELDS.map((field) => (
        <TextField
          key={field}
          label={fields[field]}
          autoComplete="off"
          value={values[field]}
          error={isValid(field, values[field]) ? undefined : fields.errors[field]}
          onChange={({ target }) => setTyped({ ...typed, [field]: target.value })}
        />
      ))}
      <Button type="submit" busy={busy}>
        {texts.save}
      </Button>
    </form>
  )
}
