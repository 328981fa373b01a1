import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTexts } from '../../i18n/language.tsx'
import { authorized } from '../../session/session.ts'
import { Button } from '../../ui/button.tsx'
import { isTooShort, NewPasswordField } from '../../ui/new-password-field.tsx'
import { Outcome } from '../../ui/outcome.tsx'
import { Section } from '../../ui/section.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { DEVICES, GRANTS, SESSIONS } from './use-account.ts'

const NOTHING = { currentPassword: '', newPassword: '' }

/** A new password, for whoever knows the current one. */
export function Password() {
  const { account, signIn } = useTexts()
  const queries = useQueryClient()
  const [values, setValues] = useState(NOTHING)
  const changes = useMutation({
    mutationFn: () => authorized('/api/v1/auth/password/change', { method: 'POST', body: values }),
    onSuccess: () => {
      setValues(NOTHING)
      // The server ends all others.
      return Promise.all([SESSIONS, DEVICES, GRANTS].map((path) => queries.invalidateQueries({ queryKey: [path] })))
    },
  })
  const type = (change: Partial<typeof NOTHING>) => {
    setValues({ ...values, ...change })
    changes.reset()
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (values.currentPassword && !isTooShort(values.newPassword)) changes.mutate()
  }
  const known = { 400: account.invalid, 401: account.wrongPassword, 429: signIn.locked }
  return (
    <Section title={account.password}>
      <form noValidate onSubmit={submit} className="grid gap-2">
        <TextField
          label={account.currentPassword}
          type="password"
          autoComplete="current-password"
          value={values.currentPassword}
          onChange={({ target }) => type({ currentPassword: target.value })}
        />
        <NewPasswordField
          label={account.newPassword}
          field="newPassword"
          value={values.newPassword}
          error={changes.error}
          onChange={(newPassword) => type({ newPassword })}
        />
        <Outcome error={changes.error} known={known} done={changes.isSuccess && account.passwordChanged} />
        <Button kind="quiet" type="submit" busy={changes.isPending}>
          {account.changePassword}
        </Button>
      </form>
    </Section>
  )
}
