import { useMutation } from '@tanstack/react-query'
import { type FormEvent, type ReactNode, useState } from 'react'
import { faults } from '../../api/errors.ts'
import { request } from '../../api/request.ts'
import { useTexts } from '../../i18n/language.tsx'
import { Button } from '../../ui/button.tsx'
import { Outcome } from '../../ui/outcome.tsx'
import { TextField } from '../../ui/text-field.tsx'

/** Asks for another confirmation mail. It says the same for every address: who is registered is nobody's business. */
export function ResendForm({ email: known = '', children }: { email?: string; children: ReactNode }) {
  const { resend: texts, fields, register } = useTexts()
  const [email, setEmail] = useState(known)
  const asks = useMutation({
    mutationFn: () => request('/api/v1/register/resend', { method: 'POST', body: { email } }),
  })

  const submit = (event: FormEvent) => {
    event.preventDefault()
    asks.mutate()
  }
  return (
    <>
      <p className="my-4 text-muted">{children}</p>
      <form noValidate onSubmit={submit} className="grid gap-2 wrap-anywhere">
        <TextField
          label={fields.email}
          type="email"
          autoComplete="email"
          value={email}
          error={faults(asks.error, 'email') ? fields.errors.email : undefined}
          required
          onChange={({ target }) => {
            setEmail(target.value)
            asks.reset()
          }}
        />
        <Outcome error={asks.error} known={{ 400: register.invalid }} done={asks.isSuccess && texts.done(email)} />
        <Button type="submit" kind="quiet" busy={asks.isPending}>
          {texts.submit}
        </Button>
      </form>
    </>
  )
}
