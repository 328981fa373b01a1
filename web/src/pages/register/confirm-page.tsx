import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { faults } from '../../api/errors.ts'
import { request } from '../../api/request.ts'
import { useTexts } from '../../i18n/language.tsx'
import { Button } from '../../ui/button.tsx'
import { Failure } from '../../ui/failure.tsx'
import { isTooShort, NewPasswordField } from '../../ui/new-password-field.tsx'
import { Section } from '../../ui/section.tsx'
import { TextLink } from '../../ui/text-link.tsx'
import { Title } from '../../ui/title.tsx'
import { useMailedToken } from '../mailed-token.ts'
import { ResendForm } from './resend-form.tsx'

/** Behind the link in the mail. */
export default function ConfirmPage() {
  const { confirm: texts, register, resend } = useTexts()
  const token = useMailedToken()
  const [password, setPassword] = useState('')
  const confirms = useMutation({
    mutationFn: () =>
      request('/api/v1/register/confirm', { method: 'POST', body: { token, ...(password && { password }) } }),
  })
  if (confirms.isSuccess) return <Confirmed />

  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!password || !isTooShort(password)) confirms.mutate()
  }
  const { badLink } = texts
  const known = { 400: faults(confirms.error, 'password') ? register.invalid : badLink, 409: badLink, 410: badLink }
  return (
    <>
      <Title>{texts.title}</Title>
      <p className="mt-4 text-muted">{texts.explain}</p>
      <form noValidate onSubmit={submit} className="mt-6 grid gap-2">
        <NewPasswordField
          label={texts.password}
          field="password"
          value={password}
          error={confirms.error}
          onChange={(typed) => {
            setPassword(typed)
            confirms.reset()
          }}
        />
        <Failure error={confirms.error} known={known} />
        <Button type="submit" busy={confirms.isPending}>
          {confirms.isPending ? texts.submitting : texts.submit}
        </Button>
      </form>
      {faults(confirms.error, 'token') && (
        <Section title={resend.title}>
          <ResendForm>{resend.explain}</ResendForm>
        </Section>
      )}
    </>
  )
}

function Confirmed() {
  const { confirm: texts } = useTexts()
  return (
    <>
      <Title>{texts.done}</Title>
      <p className="mt-6">
        <TextLink href="/sign-in">{texts.signIn}</TextLink>
      </p>
    </>
  )
}
