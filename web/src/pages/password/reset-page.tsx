import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { faults } from '../../api/errors.ts'
import { request } from '../../api/request.ts'
import { useTexts } from '../../i18n/language.tsx'
import { Button } from '../../ui/button.tsx'
import { Failure } from '../../ui/failure.tsx'
import { isTooShort, NewPasswordField } from '../../ui/new-password-field.tsx'
import { TextLink } from '../../ui/text-link.tsx'
import { Title } from '../../ui/title.tsx'
import { useMailedToken } from '../mailed-token.ts'

/** Behind the link in the mail. */
export default function ResetPage() {
  const { reset: texts, register, signIn } = useTexts()
  const token = useMailedToken()
  const [password, setPassword] = useState('')
  const resets = useMutation({
    mutationFn: () => request('/api/v1/auth/password/reset', { method: 'POST', body: { token, password } }),
  })
  if (resets.isSuccess) {
    return (
      <>
        <Title>{texts.done}</Title>
        <p className="my-6">{texts.ended}</p>
        <TextLink href="/sign-in">{signIn.title}</TextLink>
      </>
    )
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!isTooShort(password)) resets.mutate()
  }
  const known = { 400: faults(resets.error, 'password') ? register.invalid : texts.badLink }
  return (
    <>
      <Title>{texts.title}</Title>
      <form noValidate onSubmit={submit} className="mt-6 grid gap-2">
        <NewPasswordField
          label={texts.password}
          field="password"
          value={password}
          error={resets.error}
          onChange={(typed) => {
            setPassword(typed)
            resets.reset()
          }}
        />
        <Failure error={resets.error} known={known} />
        <Button type="submit" busy={resets.isPending}>
          {texts.submit}
        </Button>
      </form>
      <p className="mt-6">
        <TextLink href="/password/forgot">{texts.again}</TextLink>
      </p>
    </>
  )
}
