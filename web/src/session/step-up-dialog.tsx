import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState, useSyncExternalStore } from 'react'
import { useTexts } from '../i18n/language.tsx'
import { Button } from '../ui/button.tsx'
import { CodeField, isCode } from '../ui/code-field.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Failure } from '../ui/failure.tsx'
import { TextButton } from '../ui/text-button.tsx'
import { openQuestion, stepUp, subscribe } from './step-up.ts'

/** Asks for a code whenever a request wants a fresh second factor. */
export function StepUpDialog() {
  const question = useSyncExternalStore(subscribe, openQuestion)
  return question ? <Question {...question} /> : null
}

function Question({ answered, declined }: { answered(): void; declined(): void }) {
  const { stepUp: texts, signIn, cancel } = useTexts()
  const [code, setCode] = useState('')
  const proves = useMutation({ mutationFn: stepUp, onSuccess: answered, onError: () => setCode('') })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    proves.mutate(code)
  }
  return (
    <Dialog title={texts.title} onClose={declined}>
      <form noValidate onSubmit={submit} className="mt-4 grid gap-2">
        <p>{texts.explain}</p>
        <CodeField label={signIn.code} value={code} onChange={setCode} onComplete={proves.mutate} />
        <Failure error={proves.error} known={{ 400: signIn.wrongCode, 401: signIn.wrongCode, 429: signIn.locked }} />
        <Button type="submit" busy={proves.isPending} disabled={!isCode(code)}>
          {texts.submit}
        </Button>
        <TextButton onClick={declined}>{cancel}</TextButton>
      </form>
    </Dialog>
  )
}
