import { useTexts } from '../../i18n/language.tsx'
import { SignedIn } from '../../session/signed-in.tsx'
import { useMe } from '../../session/use-me.ts'
import { Loading } from '../../ui/loading.tsx'
import { TextLink } from '../../ui/text-link.tsx'
import { Title } from '../../ui/title.tsx'
import { AllowedApps } from './allowed-apps.tsx'
import { Password } from './password.tsx'
import { Places } from './places.tsx'
import { Profile } from './profile.tsx'
import { SecondFactor } from './second-factor.tsx'
import { SignOut } from './sign-out.tsx'
import { DEVICES, SESSIONS, useIsOnTheWay } from './use-account.ts'

export default function AccountPage() {
  const { account } = useTexts()
  return (
    <SignedIn>
      <Title>{account.title}</Title>
      <Parts />
    </SignedIn>
  )
}

function Parts() {
  const { account } = useTexts()
  const isStaff = (useMe().data?.roles.length ?? 0) > 0
  if (useIsOnTheWay()) return <Loading />
  return (
    <>
      {isStaff && (
        <TextLink href="/admin" className="mt-3 inline-block">
          {account.console}
        </TextLink>
      )}
      <Profile />
      <Password />
      <SecondFactor />
      <Places title={account.sessions} path={SESSIONS} end={account.endSession} />
      <Places title={account.devices} path={DEVICES} end={account.forgetDevice} />
      <AllowedApps />
      <SignOut />
    </>
  )
}
