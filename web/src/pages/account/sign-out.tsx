import { useMutation } from '@tanstack/react-query'
import { useTexts } from '../../i18n/language.tsx'
import { authorized, end } from '../../session/session.ts'
import { Button } from '../../ui/button.tsx'
import { Failure } from '../../ui/failure.tsx'

export function SignOut() {
  const { account } = useTexts()
  const signsOut = useMutation({
    mutationFn: (path: 'logout' | 'logout-all') => authorized(`/api/v1/auth/${path}`, { method: 'POST' }),
    onSuccess: end,
  })
  return (
    <section className="mt-10 grid gap-4 border-t border-line/40 pt-6">
      <Button kind="quiet" busy={signsOut.isPending} onClick={() => signsOut.mutate('logout')}>
        {account.signOut}
      </Button>
      <Button kind="danger" busy={signsOut.isPending} onClick={() => signsOut.mutate('logout-all')}>
        {account.signOutEverywhere}
      </Button>
      <Failure error={signsOut.error} />
    </section>
  )
}
