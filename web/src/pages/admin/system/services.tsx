import { useTexts } from '../../../i18n/language.tsx'
import { Cell, Row, RowHead, Table } from '../../../ui/table.tsx'
import { Time } from '../../../ui/time.tsx'
import { LiveSection } from '../live-section.tsx'
import { type ServiceStatus, useServices } from './use-system.ts'

export function Services() {
  const { system: texts } = useTexts().operations
  return (
    <LiveSection title={texts.services} query={useServices()}>
      {(services) => (
        <Table label={texts.services} head={Object.values(texts.serviceColumns)}>
          {services.map((service) => (
            <ServiceRow key={service.name} {...service} />
          ))}
        </Table>
      )}
    </LiveSection>
  )
}

function ServiceRow({ name, state, failing, startedAt, outboxWaiting }: ServiceStatus) {
  const { system: texts } = useTexts().operations
  const ready = state === 'ready'
  return (
    <Row>
      <RowHead>{name}</RowHead>
      <Cell className={`whitespace-nowrap ${ready ? 'text-accent' : 'font-medium text-bad'}`}>
        <span aria-hidden="true">{ready ? '●' : '▲'}</span> {texts.states[state]}
        {failing.length > 0 && <span className="block">{texts.waitsFor(failing.join(', '))}</span>}
      </Cell>
      <Cell className="whitespace-nowrap">{startedAt ? <Time iso={startedAt} /> : texts.unknown}</Cell>
      <Cell className="tabular-nums">
        {outboxWaiting === undefined ? texts.none : (outboxWaiting ?? texts.unknown)}
      </Cell>
    </Row>
  )
}
