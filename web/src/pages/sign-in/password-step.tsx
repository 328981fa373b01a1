import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTexts } from '../../i18n/language.tsx'
import { Button } from '../../ui/button.tsx'
import { Failure } from '../../ui/failure.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { TextLink } from '../../ui/text-link.tsx'
import { Title } from '../../ui/title.tsx'
import { login, type SignIn } from './sign-in.ts'

export function PasswordStep({ onAnswer }: { onAnswer(answer: SignIn): void }) {
  const { signIn: texts, fields } = useTexts()
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const signsIn = useMutation({ mutationFn: login, onSuccess: onAnswer })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    signsIn.mutate({ email, password })
  }
  const known = { 400: texts.wrong, 401: texts.wrong, 403: texts.disabled, 429: texts.locked }
  return (
    <>
      <Title>{texts.title}</Title>
      <form noValidate onSubmit={submit} className="mt-6 grid gap-2">
        <TextField
          label={fields.email}
          type="email"
          autoComplete="username"
          value={email}
          onChange={({ target }) => setEmail(target.value)}
        />
        <TextField
          label={fields.password}
          type="password"
          autoComplete="current-password"
          value={password}
          onChange={({ target }) => setPassword(target.value)}
        />
        <Failure error={signsIn.error} known={known} />
        <Button type="submit" busy={signsIn.isPending}>
          {signsIn.isPending ? texts.submitting : texts.submit}
        </Button>
      </form>
      <p className="mt-6">
        <TextLink href="/password/forgot">{texts.forgot}</TextLink>
      </p>
      <p className="mt-3">
        <TextLink href="/register/resend">{texts.noMail}</TextLink>
      </p>
    </>
  )
}
