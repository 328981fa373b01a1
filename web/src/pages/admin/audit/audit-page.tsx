import { useSearchParams } from 'wouter'
import { useTexts } from '../../../i18n/language.tsx'
import { Button } from '../../../ui/button.tsx'
import { Failure } from '../../../ui/failure.tsx'
import { Loading } from '../../../ui/loading.tsx'
import { SelectField } from '../../../ui/select-field.tsx'
import { TextLink } from '../../../ui/text-link.tsx'
import { Title } from '../../../ui/title.tsx'
import { EventTable } from './event-table.tsx'
import { type Selection, useAudit } from './use-audit.ts'

/** Everything that mattered for security, of all accounts or of one; which ones, the address says. */
export default function AuditPage() {
  const { security } = useTexts()
  const { audit: texts, eventNames } = security
  const [parameters, setParameters] = useSearchParams()
  const selection = { userID: parameters.get('userID') ?? '', type: parameters.get('type') ?? '' }
  const select = (change: Partial<Selection>) => {
    const given = Object.entries({ ...selection, ...change }).filter(([, value]) => value)
    setParameters(new URLSearchParams(given), { replace: true })
  }
  return (
    <>
      <Title>{texts.title}</Title>
      <search className="mt-4 mb-6 flex flex-wrap items-end gap-x-6 gap-y-2">
        <SelectField
          label={texts.event}
          value={selection.type}
          options={eventNames}
          any={texts.any}
          onChange={(type) => select({ type })}
        />
        {selection.userID && (
          <p className="py-2">
            {texts.ofOne} <TextLink href="/admin/audit">{texts.ofAll}</TextLink>
          </p>
        )}
      </search>
      <Events selection={selection} />
    </>
  )
}

function Events({ selection }: { selection: Selection }) {
  const { audit: texts } = useTexts().security
  const { data, error, isPending, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = useAudit(selection)
  if (isPending) return <Loading />
  const events = data?.pages.flatMap((page) => page.events) ?? []
  return (
    <>
      <Failure error={error} onRetry={refetch} />
      {!error && events.length === 0 && <p className="text-muted">{texts.empty}</p>}
      {events.length > 0 && <EventTable events={events} />}
      {hasNextPage && (
        <Button kind="quiet" className="mt-4" busy={isFetchingNextPage} onClick={() => fetchNextPage()}>
          {texts.more}
        </Button>
      )}
    </>
  )
}
