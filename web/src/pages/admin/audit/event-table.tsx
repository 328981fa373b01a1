import { useTexts } from '../../../i18n/language.tsx'
import { Cell, Row, Table } from '../../../ui/table.tsx'
import { TextLink } from '../../../ui/text-link.tsx'
import { Time } from '../../../ui/time.tsx'
import type { SecurityEvent } from './use-audit.ts'

export function EventTable({ events }: { events: SecurityEvent[] }) {
  const { audit: texts } = useTexts().security
  return (
    <Table label={texts.title} head={Object.values(texts.columns)}>
      {events.map((event) => (
        <EventRow key={event.id} {...event} />
      ))}
    </Table>
  )
}

function EventRow({ at, type, roles, userID, actorID, device, address }: SecurityEvent) {
  const { audit: texts, eventNames, roleNames } = useTexts().security
  return (
    <Row>
      <Cell className="whitespace-nowrap">
        <Time iso={at} />
      </Cell>
      <Cell>
        {eventNames[type] ?? type}
        {roles && `: ${roles.map((role) => roleNames[role]).join(', ') || '–'}`}
        {actorID && <span className="block text-sm text-muted">{texts.by(actorID)}</span>}
      </Cell>
      <Cell>
        {userID ? (
          <TextLink href={`/admin/members/${userID}`} className="font-mono text-sm">
            {userID}
          </TextLink>
        ) : (
          texts.nobody
        )}
      </Cell>
      <Cell>
        {device}
        <span className="block text-sm text-muted">{address}</span>
      </Cell>
    </Row>
  )
}
