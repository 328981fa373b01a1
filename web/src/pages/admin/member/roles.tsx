import { type FormEvent, useState } from 'react'
import { useTexts } from '../../../i18n/language.tsx'
import { StepUpDeclined } from '../../../session/step-up.ts'
import { Button } from '../../../ui/button.tsx'
import { Checkbox } from '../../../ui/checkbox.tsx'
import { Outcome } from '../../../ui/outcome.tsx'
import { ROLES, type Role, useRoles } from './use-account.ts'

/** What the member may do. For admins to change, who show their second factor again. */
export function Roles({ userID, roles }: { userID: string; roles: Role[] }) {
  const { security: texts, member } = useTexts()
  const [chosen, setChosen] = useState<Role[]>()
  const sets = useRoles(userID)
  const shown = chosen ?? roles
  const toggle = (role: Role) => {
    setChosen(ROLES.filter((each) => shown.includes(each) !== (each === role)))
    sets.reset()
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (chosen) sets.mutate(chosen)
  }
  const error = sets.error instanceof StepUpDeclined ? null : sets.error
  return (
    <form onSubmit={submit} className="mt-6 grid gap-2">
      <fieldset>
        <legend className="font-medium">{texts.roles}</legend>
        {ROLES.map((role) => (
          <Checkbox
            key={role}
            label={texts.roleNames[role]}
            checked={shown.includes(role)}
            onChange={() => toggle(role)}
          />
        ))}
      </fieldset>
      <p className="text-sm text-muted">{texts.rolesEndSessions}</p>
      <Button kind="quiet" type="submit" busy={sets.isPending}>
        {texts.setRoles}
      </Button>
      <Outcome
        error={error}
        known={{ 403: member.forbidden, 409: texts.refused }}
        done={sets.isSuccess && texts.rolesSet}
      />
    </form>
  )
}
