import { useState } from 'react'
import { useTexts } from '../../../i18n/language.tsx'
import { Pager } from '../../../ui/pager.tsx'
import { Cell, Row, Table } from '../../../ui/table.tsx'
import { TextLink } from '../../../ui/text-link.tsx'
import { Time } from '../../../ui/time.tsx'
import { LiveSection } from '../live-section.tsx'
import { EventHead } from './event-head.tsx'
import { AUDIT_PAGE, type AuditLine, useAudit } from './use-audit.ts'

/** What was done with dead letters: a dropped one is known by this alone. */
export function Audit() {
  const { system: texts } = useTexts().operations
  const [page, setPage] = useState(1)
  return (
    <LiveSection title={texts.audit} query={useAudit(page)}>
      {({ lines, total }) => (
        <>
          <p className="mb-3 text-muted">{texts.auditExplain}</p>
          {total === 0 ? <p>{texts.noAudit}</p> : <AuditTable lines={lines} />}
          <Pager label={texts.audit} page={page} pages={Math.ceil(total / AUDIT_PAGE)} onTurn={setPage} />
        </>
      )}
    </LiveSection>
  )
}

function AuditTable({ lines }: { lines: AuditLine[] }) {
  const { system: texts } = useTexts().operations
  return (
    <Table label={texts.audit} head={Object.values(texts.auditColumns)}>
      {lines.map(({ id, at, action, actorID, reason, ...event }) => (
        <Row key={id}>
          <EventHead {...event} />
          <Cell className="whitespace-nowrap">
            <Time iso={at} />
          </Cell>
          <Cell>
            {texts.auditActions[action]}
            <span className="block text-sm text-muted">
              {texts.by}{' '}
              <TextLink href={`/admin/members/${actorID}`} className="font-mono">
                {actorID}
              </TextLink>
            </span>
          </Cell>
          <Cell className="min-w-64 break-words">{reason}</Cell>
        </Row>
      ))}
    </Table>
  )
}
