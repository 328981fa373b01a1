import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState, useSyncExternalStore } from 'react'
import { useTexts } from '../i18n/language.tsx'
import { Button } from '../ui/button.tsx'
import { CodeField, isCode } from '../ui/code-field.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Failure } from '../ui/failure.tsx'
import { TextButton } from '../ui/text-button.tsx'
import { TextField } from '../ui/text-field.tsx'
import { openQuestion, type ProofKind, stepUp, subscribe } from './step-up.ts'

/** Asks for a code, or for the password, whenever a request wants a fresh sign-in. */
export function StepUpDialog() {
  const question = useSyncExternalStore(subscribe, openQuestion)
  return question ? <Question {...question} /> : null
}

function Question({ kind, answered, declined }: { kind: ProofKind; answered(): void; declined(): void }) {
  const { stepUp: texts, signIn, account, cancel } = useTexts()
  const [typed, setTyped] = useState('')
  const byCode = kind === 'code'
  const proves = useMutation({
    mutationFn: (text: string) => stepUp(byCode ? { code: text } : { password: text }),
    onSuccess: answered,
    onError: () => setTyped(''),
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    proves.mutate(typed)
  }
  const wrong = byCode ? signIn.wrongCode : account.wrongPassword
  return (
    <Dialog title={texts[kind].title} onClose={declined}>
      <form noValidate onSubmit={submit} className="mt-4 grid gap-2">
        <p>{texts[kind].explain}</p>
        {byCode ? (
          <CodeField label={signIn.code} value={typed} onChange={setTyped} onComplete={proves.mutate} />
        ) : (
          <TextField
            label={account.currentPassword}
            type="password"
            autoComplete="current-password"
            value={typed}
            onChange={({ target }) => setTyped(target.value)}
          />
        )}
        <Failure error={proves.error} known={{ 400: wrong, 401: wrong, 429: signIn.locked }} />
        <Button type="submit" busy={proves.isPending} disabled={byCode ? !isCode(typed) : typed === ''}>
          {texts.submit}
        </Button>
        <TextButton onClick={declined}>{cancel}</TextButton>
      </form>
    </Dialog>
  )
}
