import { useTexts } from '../../../i18n/language.tsx'
import { StepUpDeclined } from '../../../session/step-up.ts'
import { useIsAdmin } from '../../../session/use-me.ts'
import { Button } from '../../../ui/button.tsx'
import { Failure } from '../../../ui/failure.tsx'
import { Outcome } from '../../../ui/outcome.tsx'
import { Section } from '../../../ui/section.tsx'
import { TextLink } from '../../../ui/text-link.tsx'
import { useTimeFormat } from '../../../ui/time.tsx'
import { Roles } from './roles.tsx'
import { type Account as AccountState, useAccount, useUnlock } from './use-account.ts'

/** How the member signs in; what to do about it is for admins. */
export function Account({ userID }: { userID: string }) {
  const { security: texts } = useTexts()
  const { data, error, refetch } = useAccount(userID)
  const mayAct = useIsAdmin()
  return (
    <Section title={texts.title}>
      {error && data === undefined && <Failure error={error} onRetry={refetch} />}
      {data === null && <p className="text-muted">{texts.none}</p>}
      {data && (
        <>
          <Facts {...data} />
          {mayAct && <Unlock userID={userID} isLocked={data.lockedUntil !== null} />}
          {mayAct ? <Roles userID={userID} roles={data.roles} /> : <RoleNames roles={data.roles} />}
        </>
      )}
      <TextLink href={`/admin/audit?userID=${userID}`}>{texts.events}</TextLink>
    </Section>
  )
}

function Facts({ hasPassword, mfa, lastSignInAt, lockedUntil }: AccountState) {
  const { security: texts } = useTexts()
  const time = useTimeFormat()
  const isSet = (given: boolean) => (given ? texts.isSet : texts.notSet)
  const facts = {
    password: isSet(hasPassword),
    secondFactor: isSet(mfa.enabled),
    lastSignIn: lastSignInAt ? time(lastSignInAt) : texts.never,
    lockedUntil: lockedUntil ? time(lockedUntil) : texts.notLocked,
  }
  return (
    <dl className="grid grid-cols-[auto_1fr] gap-x-6 gap-y-1">
      {Object.entries(facts).map(([fact, value]) => (
        <div key={fact} className="col-span-2 grid grid-cols-subgrid">
          <dt className="text-muted">{texts.facts[fact as keyof typeof facts]}</dt>
          <dd className={fact === 'lockedUntil' && lockedUntil ? 'font-medium text-bad' : ''}>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

function RoleNames({ roles }: Pick<AccountState, 'roles'>) {
  const { security: texts } = useTexts()
  return (
    <p className="mt-4">
      {texts.roles}: {roles.map((role) => texts.roleNames[role]).join(', ') || '–'}
    </p>
  )
}

function Unlock({ userID, isLocked }: { userID: string; isLocked: boolean }) {
  const { security: texts, member } = useTexts()
  const unlocks = useUnlock(userID)
  if (!isLocked && !unlocks.isSuccess) return null
  const error = unlocks.error instanceof StepUpDeclined ? null : unlocks.error
  return (
    <div className="mt-4 grid gap-2">
      <Button kind="quiet" busy={unlocks.isPending} onClick={() => unlocks.mutate()}>
        {texts.unlock}
      </Button>
      <Outcome error={error} known={{ 403: member.forbidden }} done={unlocks.isSuccess && texts.unlocked} />
    </div>
  )
}
