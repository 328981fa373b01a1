import { useTexts } from '../../i18n/language.tsx'
import { SignedIn } from '../../session/signed-in.tsx'
import { StepUpDeclined } from '../../session/step-up.ts'
import { Button } from '../../ui/button.tsx'
import { Failure } from '../../ui/failure.tsx'
import { Loading } from '../../ui/loading.tsx'
import { Title } from '../../ui/title.tsx'
import { type Interaction, useDecision, useInteraction } from './use-interaction.ts'

/** Where an app of somebody else's sends a browser to have its user signed in. */
export default function ConsentPage() {
  return (
    <SignedIn>
      <Consent />
    </SignedIn>
  )
}

function Consent() {
  const texts = useTexts()
  const { data, error, isPending, refetch } = useInteraction()
  if (isPending) return <Loading />
  return (
    <>
      <Title>{texts.consent.title}</Title>
      {data ? <Question {...data} /> : <Failure error={error} known={{ 404: texts.consent.over }} onRetry={refetch} />}
    </>
  )
}

function Question({ id, client, scopes }: Interaction) {
  const { consent } = useTexts()
  const decides = useDecision(id)
  const names: Record<string, string> = consent.scopes
  const leaving = decides.isPending || decides.isSuccess
  const failure = decides.error instanceof StepUpDeclined ? null : decides.error
  return (
    <>
      <p className="mt-6 break-words">{consent.asks(client.name)}</p>
      <ul className="mt-2 list-disc pl-6">
        {scopes.map((scope) => (
          <li key={scope}>{names[scope] ?? scope}</li>
        ))}
      </ul>
      <Failure error={failure} known={{ 404: consent.over }} />
      <div className="mt-2 grid gap-2">
        <Button busy={leaving} onClick={() => decides.mutate(true)}>
          {consent.allow}
        </Button>
        <Button kind="quiet" busy={leaving} onClick={() => decides.mutate(false)}>
          {consent.deny}
        </Button>
      </div>
    </>
  )
}
