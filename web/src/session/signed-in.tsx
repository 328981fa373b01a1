import type { ReactNode } from 'react'
import { Redirect, useLocation, useSearch } from 'wouter'
import { useTexts } from '../i18n/language.tsx'
import { Button } from '../ui/button.tsx'
import { Loading } from '../ui/loading.tsx'
import { resume } from './session.ts'
import { StepUpDialog } from './step-up-dialog.tsx'
import { useSession } from './use-session.ts'

/** For whoever is signed in; others sign in first and come back. */
export function SignedIn({ children }: { children: ReactNode }) {
  const session = useSession()
  const [path] = useLocation()
  const search = useSearch()
  if (session === 'unknown') return <Loading />
  if (session === 'unreachable') return <Unreachable />
  if (session === 'signed-out') {
    const here = search ? `${path}?${search}` : path
    return <Redirect replace to={`/sign-in?next=${encodeURIComponent(here)}`} />
  }
  return (
    <>
      {children}
      <StepUpDialog />
    </>
  )
}

function Unreachable() {
  const texts = useTexts()
  return (
    <div role="alert" className="grid justify-items-center gap-4 py-8">
      <p>{texts.unreachable}</p>
      <Button onClick={() => resume().catch(() => undefined)}>{texts.tryAgain}</Button>
    </div>
  )
}
