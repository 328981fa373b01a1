import { useTexts } from '../../../i18n/language.tsx'
import { RowHead } from '../../../ui/table.tsx'

/** Which event a row is about, and who could not handle it. */
export function EventHead({ topic, eventID, group }: { topic: string; eventID: string; group?: string | null }) {
  const { system: texts } = useTexts().operations
  return (
    <RowHead>
      {topic}
      <span className="block text-sm font-normal text-muted">
        {eventID} {group && texts.failedIn(group)}
      </span>
    </RowHead>
  )
}
