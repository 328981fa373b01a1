import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { useTexts } from '../../i18n/language.tsx'
import { StepUpDeclined, sensitive } from '../../session/step-up.ts'
import { ME, useMe } from '../../session/use-me.ts'
import { Button } from '../../ui/button.tsx'
import { Failure } from '../../ui/failure.tsx'
import { Focused } from '../../ui/focused.tsx'
import { Section } from '../../ui/section.tsx'
import { BackupCodes } from '../second-factor/backup-codes.tsx'
import { Enrolment } from '../second-factor/enrolment.tsx'
import { DEVICES } from './use-account.ts'

export function SecondFactor() {
  const { account } = useTexts()
  const queries = useQueryClient()
  const { data, error, refetch } = useMe()
  const place = useRef<HTMLDivElement>(null)
  const [backupCodes, setBackupCodes] = useState<string[]>()
  const show = (codes: string[] | undefined) => {
    setBackupCodes(codes)
    if (!codes) place.current?.focus() // the button that has it goes
    return Promise.all([ME, DEVICES].map((path) => queries.invalidateQueries({ queryKey: [path] })))
  }
  return (
    <Section title={account.secondFactor}>
      {error && !data && <Failure error={error} onRetry={refetch} />}
      <div ref={place} tabIndex={-1} className="outline-none">
        {data && (data.mfa.enabled ? <Enabled left={data.mfa.backupCodesLeft} show={show} /> : <Absent show={show} />)}
      </div>
      {backupCodes && (
        <Focused key={backupCodes[0]}>
          <BackupCodes codes={backupCodes} />
        </Focused>
      )}
    </Section>
  )
}

type Show = (backupCodes: string[] | undefined) => Promise<unknown>

function Absent({ show }: { show: Show }) {
  const { account } = useTexts()
  const [enrolling, setEnrolling] = useState<boolean>()
  if (!enrolling)
    return (
      // Back where it began, once it was declined.
      <Button kind="quiet" className="w-full" autoFocus={enrolling === false} onClick={() => setEnrolling(true)}>
        {account.enrol}
      </Button>
    )
  const send = async <Data,>(path: string, body: object) => {
    try {
      return (await sensitive<Data>(path, { method: 'POST', body })).data
    } catch (error) {
      if (error instanceof StepUpDeclined) setEnrolling(false)
      throw error
    }
  }
  return (
    <Focused>
      <Enrolment send={send} onEnrolled={show} />
    </Focused>
  )
}

function Enabled({ left, show }: { left: number; show: Show }) {
  const { account } = useTexts()
  const regenerates = useMutation({
    mutationFn: () => sensitive<{ backupCodes: string[] }>('/api/v1/auth/mfa/backup-codes', { method: 'POST' }),
    onSuccess: ({ data }) => show(data.backupCodes),
  })
  const disables = useMutation({
    mutationFn: () => sensitive('/api/v1/auth/mfa/totp/disable', { method: 'POST' }),
    onSuccess: () => show(undefined),
  })
  const failed = [regenerates.error, disables.error].find((error) => error && !(error instanceof StepUpDeclined))
  return (
    <div className="grid gap-4">
      <p>{account.backupCodesLeft(left)}</p>
      <Button kind="quiet" busy={regenerates.isPending} onClick={() => regenerates.mutate()}>
        {account.newBackupCodes}
      </Button>
      <Button kind="danger" busy={disables.isPending} onClick={() => disables.mutate()}>
        {account.disable}
      </Button>
      <Failure error={failed} known={{ 403: account.mandatory }} />
    </div>
  )
}
