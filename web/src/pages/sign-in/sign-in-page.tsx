import { useState } from 'react'
import { useLocation, useSearchParams } from 'wouter'
import { begin, type Tokens } from '../../session/session.ts'
import { CodeStep } from './code-step.tsx'
import { EnrolmentStep } from './enrolment-step.tsx'
import { safeNext } from './next.ts'
import { PasswordStep } from './password-step.tsx'
import type { SignIn } from './sign-in.ts'

type Step = { name: 'password' } | { name: 'code'; mfaToken: string } | { name: 'enrolment'; mfaToken: string }

export default function SignInPage() {
  const [step, setStep] = useState<Step>({ name: 'password' })
  const [parameters] = useSearchParams()
  const [, navigate] = useLocation()

  const finish = (tokens: Tokens) => {
    begin(tokens)
    navigate(safeNext(parameters.get('next'), location.origin), { replace: true })
  }
  const go = (answer: SignIn) => {
    if (answer.mfaRequired) setStep({ name: 'code', mfaToken: answer.mfaToken })
    else if (answer.mfaEnrollmentRequired) setStep({ name: 'enrolment', mfaToken: answer.mfaToken })
    else finish(answer)
  }
  const startAgain = () => setStep({ name: 'password' })

  switch (step.name) {
    case 'password':
      return <PasswordStep onAnswer={go} />
    case 'code':
      return <CodeStep mfaToken={step.mfaToken} onTokens={finish} onOver={startAgain} />
    case 'enrolment':
      return <EnrolmentStep mfaToken={step.mfaToken} onDone={startAgain} />
  }
}
