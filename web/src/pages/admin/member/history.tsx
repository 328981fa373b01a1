import { useTexts } from '../../../i18n/language.tsx'
import { Failure } from '../../../ui/failure.tsx'
import { Section } from '../../../ui/section.tsx'
import { Time } from '../../../ui/time.tsx'
import { useHistory } from './use-member.ts'

/** What staff did to the member. */
export function History({ userID }: { userID: string }) {
  const { member: texts, members } = useTexts()
  const names: Record<string, string> = members.columns
  const { statuses } = members
  const history = useHistory(userID)
  return (
    <Section title={texts.history}>
      {history.isLoadingError && <Failure error={history.error} onRetry={history.refetch} />}
      {history.data?.length === 0 && <p className="text-muted">{texts.untouched}</p>}
      <ol className="grid gap-2">
        {history.data?.map(({ at, action, fields, statusFrom, statusTo, actorID }) => (
          <li key={at}>
            <Time iso={at} />: {texts.actions[action]} {fields.map((field) => names[field] ?? field).join(', ')}
            {statusTo && ` (${statusFrom ? statuses[statusFrom] : '–'} → ${statuses[statusTo]})`}
            <span className="block text-sm break-all text-muted">{actorID}</span>
          </li>
        ))}
      </ol>
    </Section>
  )
}
