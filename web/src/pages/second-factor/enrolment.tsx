import { useMutation, useQuery } from '@tanstack/react-query'
import { type FormEvent, useId, useState } from 'react'
import { useTexts } from '../../i18n/language.tsx'
import { Button } from '../../ui/button.tsx'
import { CodeField, isCode } from '../../ui/code-field.tsx'
import { Failure } from '../../ui/failure.tsx'
import { Loading } from '../../ui/loading.tsx'

interface Enrolled {
  secret: string
  qr: string
}

interface Props {
  /** In the name of whoever enrols: by access token, or by the token of an unfinished login. */
  send<Data>(path: string, body: object): Promise<Data>
  onEnrolled(backupCodes: string[]): void
}

/** Shows a new secret, and takes the first code that proves it has arrived in an authenticator. */
export function Enrolment({ send, onEnrolled }: Props) {
  const { secondFactor: texts, signIn } = useTexts()
  const [code, setCode] = useState('')
  const enrolment = useId()
  const starts = useQuery({
    queryKey: ['enrolment', enrolment],
    queryFn: () => send<Enrolled>('/api/v1/auth/mfa/totp/enroll', {}),
    // Each call makes a new secret.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    retry: false,
  })
  const confirms = useMutation({
    mutationFn: (typed: string) => send<{ backupCodes: string[] }>('/api/v1/auth/mfa/totp/confirm', { code: typed }),
    onSuccess: ({ backupCodes }) => onEnrolled(backupCodes),
    onError: () => setCode(''),
  })
  if (starts.isPending) return <Loading />
  if (starts.isError) return <Failure error={starts.error} onRetry={starts.refetch} />

  const submit = (event: FormEvent) => {
    event.preventDefault()
    confirms.mutate(code)
  }
  return (
    <form noValidate onSubmit={submit} className="mt-6 grid gap-2">
      <p>{texts.scan}</p>
      <img
        src={starts.data.qr}
        alt={texts.qrCode}
        width={220}
        height={220}
        className="justify-self-center rounded-md border border-line/40 bg-white p-2"
      />
      <details>
        <summary className="min-h-11 cursor-pointer text-accent underline">{texts.byHand}</summary>
        <code className="break-all select-all">{starts.data.secret}</code>
      </details>
      <CodeField label={signIn.code} value={code} onChange={setCode} onComplete={confirms.mutate} />
      <Failure error={confirms.error} known={{ 400: signIn.wrongCode, 401: signIn.wrongCode }} />
      <Button type="submit" busy={confirms.isPending} disabled={!isCode(code)}>
        {texts.enrol}
      </Button>
    </form>
  )
}
