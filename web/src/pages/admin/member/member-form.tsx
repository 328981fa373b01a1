import { type FormEvent, useState } from 'react'
import { mayPass } from '../../../api/errors.ts'
import { useTexts } from '../../../i18n/language.tsx'
import { Button } from '../../../ui/button.tsx'
import { Outcome } from '../../../ui/outcome.tsx'
import { TextField } from '../../../ui/text-field.tsx'
import { isValid } from '../../register/registration.ts'
import type { Member } from '../members/member.ts'
import { StatusName } from '../members/status-name.tsx'
import type { Changes } from './use-member.ts'

const FIELDS = ['name', 'email', 'phoneNumber'] as const

interface Props {
  member: Member
  /** How the last change goes. */
  change: { error: unknown; isPending: boolean; isSuccess: boolean }
  known: Record<number, string>
  /** What leads to the account is for others to change. */
  guarded: boolean
  onSave(changes: Changes): Promise<unknown>
}

/** Shows the member as they are, but for the fields in which somebody types. What could not be saved for now is not lost. */
export function MemberForm({ member, change, known, guarded, onSave }: Props) {
  const { member: texts, fields, members, account } = useTexts()
  const [typed, setTyped] = useState<Changes>({})
  const values = { ...member, ...typed }
  const changed = FIELDS.filter((field) => values[field] !== member[field])
  const valid = FIELDS.every((field) => isValid(field, values[field]))
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!valid || changed.length === 0) return
    setTyped({})
    const changes = Object.fromEntries(changed.map((field) => [field, values[field]]))
    onSave(changes).catch((error) => mayPass(error) && setTyped((later) => ({ ...changes, ...later })))
  }
  return (
    <form noValidate onSubmit={submit} className="mt-4 grid gap-2">
      <p>
        {members.status}: <StatusName status={member.status} />
      </p>
      {guarded && <p className="text-muted">{texts.guarded}</p>}
      {FIELDS.map((field) => (
        <TextField
          key={field}
          label={fields[field]}
          autoComplete="off"
          readOnly={guarded && field === 'email'}
          value={values[field]}
          error={isValid(field, values[field]) ? undefined : fields.errors[field]}
          onChange={({ target }) => setTyped({ ...typed, [field]: target.value })}
        />
      ))}
      <Outcome error={change.error} known={known} done={change.isSuccess && changed.length === 0 && account.saved} />
      <Button type="submit" busy={change.isPending}>
        {texts.save}
      </Button>
    </form>
  )
}
