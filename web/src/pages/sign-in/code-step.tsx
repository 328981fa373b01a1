import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { ApiError } from '../../api/errors.ts'
import { useTexts } from '../../i18n/language.tsx'
import type { Tokens } from '../../session/session.ts'
import { Button } from '../../ui/button.tsx'
import { Checkbox } from '../../ui/checkbox.tsx'
import { CodeField, isCode } from '../../ui/code-field.tsx'
import { Failure } from '../../ui/failure.tsx'
import { TextButton } from '../../ui/text-button.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { Title } from '../../ui/title.tsx'
import { verify } from './sign-in.ts'

interface Props {
  mfaToken: string
  onTokens(tokens: Tokens): void
  /** The login ended, by time or by too many wrong codes. */
  onOver(): void
}

export function CodeStep({ mfaToken, onTokens, onOver }: Props) {
  const { signIn: texts } = useTexts()
  const [withBackup, setWithBackup] = useState(false)
  const [text, setText] = useState('')
  const [rememberDevice, setRememberDevice] = useState(false)
  const verifies = useMutation({
    mutationFn: verify,
    onSuccess: onTokens,
    onError: (error) => {
      if (error instanceof ApiError && error.code === 'MFA_TOKEN_INVALID') onOver()
      else setText('')
    },
  })
  const send = (typed: string) => {
    const proof = withBackup ? { backupCode: typed.trim() } : { code: typed }
    verifies.mutate({ mfaToken, proof, rememberDevice })
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    send(text)
  }
  return (
    <>
      <Title>{texts.codeTitle}</Title>
      <form noValidate onSubmit={submit} className="mt-6 grid gap-2">
        {withBackup ? (
          <TextField
            label={texts.backupCode}
            autoComplete="off"
            value={text}
            onChange={({ target }) => setText(target.value)}
          />
        ) : (
          <CodeField label={texts.code} value={text} onChange={setText} onComplete={send} />
        )}
        <Checkbox label={texts.rememberDevice} checked={rememberDevice} onChange={setRememberDevice} />
        <Failure error={verifies.error} known={{ 400: texts.wrongCode, 401: texts.wrongCode, 429: texts.locked }} />
        <Button type="submit" busy={verifies.isPending} disabled={withBackup ? !text : !isCode(text)}>
          {verifies.isPending ? texts.submitting : texts.submit}
        </Button>
      </form>
      <TextButton
        className="mt-6"
        onClick={() => {
          setWithBackup(!withBackup)
          setText('')
          verifies.reset()
        }}
      >
        {withBackup ? texts.useCode : texts.useBackup}
      </TextButton>
    </>
  )
}
