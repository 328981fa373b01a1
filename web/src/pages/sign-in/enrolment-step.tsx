import { useState } from 'react'
import { request } from '../../api/request.ts'
import { useTexts } from '../../i18n/language.tsx'
import { Button } from '../../ui/button.tsx'
import { Title } from '../../ui/title.tsx'
import { BackupCodes } from '../second-factor/backup-codes.tsx'
import { Enrolment } from '../second-factor/enrolment.tsx'

/** For staff, who do nothing else before: with the token of the unfinished login. */
export function EnrolmentStep({ mfaToken, onDone }: { mfaToken: string; onDone(): void }) {
  const { secondFactor } = useTexts()
  const [backupCodes, setBackupCodes] = useState<string[]>()
  if (!backupCodes) {
    const send = async <Data,>(path: string, body: object) =>
      (await request<Data>(path, { method: 'POST', body: { ...body, mfaToken } })).data
    return (
      <>
        <Title>{secondFactor.title}</Title>
        <p className="mt-6">{secondFactor.mandatory}</p>
        <Enrolment send={send} onEnrolled={setBackupCodes} />
      </>
    )
  }
  return (
    <>
      <Title>{secondFactor.backupTitle}</Title>
      <BackupCodes codes={backupCodes} />
      <Button className="mt-6" onClick={onDone}>
        {secondFactor.signInAgain}
      </Button>
    </>
  )
}
