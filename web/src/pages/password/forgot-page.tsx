import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { faults } from '../../api/errors.ts'
import { request } from '../../api/request.ts'
import { useTexts } from '../../i18n/language.tsx'
import { Button } from '../../ui/button.tsx'
import { Failure } from '../../ui/failure.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { TextLink } from '../../ui/text-link.tsx'
import { Title } from '../../ui/title.tsx'

export default function ForgotPage() {
  const { forgot: texts, fields, register } = useTexts()
  const [email, setEmail] = useState('')
  const asks = useMutation({
    mutationFn: () => request('/api/v1/auth/password/forgot', { method: 'POST', body: { email } }),
  })
  if (asks.isSuccess) return <Asked email={email} />

  const submit = (event: FormEvent) => {
    event.preventDefault()
    asks.mutate()
  }
  return (
    <>
      <Title>{texts.title}</Title>
      <p className="mt-4 text-muted">{texts.explain}</p>
      <form noValidate onSubmit={submit} className="mt-6 grid gap-2">
        <TextField
          label={fields.email}
          type="email"
          autoComplete="username"
          value={email}
          error={faults(asks.error, 'email') ? fields.errors.email : undefined}
          required
          onChange={({ target }) => {
            setEmail(target.value)
            asks.reset()
          }}
        />
        <Failure error={asks.error} known={{ 400: register.invalid }} />
        <Button type="submit" busy={asks.isPending}>
          {texts.submit}
        </Button>
      </form>
    </>
  )
}

/** The same for every address: who has an account here is nobody's business. */
function Asked({ email }: { email: string }) {
  const { forgot: texts, signIn } = useTexts()
  return (
    <>
      <Title>{texts.sent}</Title>
      <p className="my-6 wrap-anywhere">{texts.next(email)}</p>
      <TextLink href="/sign-in">{signIn.title}</TextLink>
    </>
  )
}
