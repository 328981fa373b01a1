import { useRef, useState } from 'react'
import { useTexts } from '../../../i18n/language.tsx'
import { StepUpDeclined } from '../../../session/step-up.ts'
import { ConfirmDialog } from '../../../ui/confirm-dialog.tsx'
import { Outcome } from '../../../ui/outcome.tsx'
import { LiveSection } from '../live-section.tsx'
import { DataDialog } from './data-dialog.tsx'
import { DeadLetterTable } from './dead-letter-table.tsx'
import { TopicFilter, useTopic } from './topic-filter.tsx'
import { type DeadLetter, type Settlement, useData, useDeadLetters, useSettlement } from './use-dead-letters.ts'

/** What could not be handled, to be looked into, replayed or dropped. */
export function DeadLetters() {
  const { system: texts } = useTexts().operations
  const [topic, counts, choose] = useTopic()
  const count = counts.reduce((sum, each) => sum + (topic === '' || topic === each.topic ? each.count : 0), 0)
  return (
    <LiveSection title={texts.deadLetters} query={useDeadLetters(topic)}>
      {(letters) => (
        <>
          <p className="mb-3 text-muted">{texts.deadLettersExplain}</p>
          <TopicFilter topic={topic} counts={counts} onChoose={choose} />
          <Letters letters={letters} />
          {count > letters.length && <p className="mt-2 text-muted">{texts.more(count)}</p>}
        </>
      )}
    </LiveSection>
  )
}

function Letters({ letters }: { letters: DeadLetter[] }) {
  const { system: texts } = useTexts().operations
  const [dropping, setDropping] = useState<DeadLetter>()
  const outcome = useRef<HTMLDivElement>(null)
  const settles = useSettlement(() => outcome.current?.focus()) // the button that had it is gone
  const looks = useData()
  const settle = (id: string, how: Settlement) => {
    setDropping(undefined)
    looks.reset()
    settles.mutate({ id, how })
  }
  const look = ({ id }: DeadLetter) => {
    settles.reset()
    looks.mutate(id)
  }
  const error = [settles.error, looks.error].find((error) => error && !(error instanceof StepUpDeclined))
  const known = { 403: texts.forbidden, 404: texts.gone }
  const close = () => setDropping(undefined)
  return (
    <>
      <div ref={outcome} tabIndex={-1} className="my-2">
        <Outcome error={error} known={known} done={settles.isSuccess && texts.done[settles.variables.how]} />
      </div>
      <DeadLetterTable
        letters={letters}
        busy={settles.isPending || looks.isPending}
        onShow={look}
        onReplay={({ id }) => settle(id, 'replay')}
        onDrop={setDropping}
      />
      {dropping && (
        <ConfirmDialog
          title={texts.confirmDrop}
          confirm={texts.drop}
          onConfirm={() => settle(dropping.id, 'drop')}
          onClose={close}
        >
          <p>{texts.confirmDropExplain}</p>
          <p className="break-words">
            {dropping.topic}: {dropping.reason}
          </p>
        </ConfirmDialog>
      )}
      {looks.data && <DataDialog data={looks.data.data} onClose={looks.reset} />}
    </>
  )
}
