import { useTexts } from '../../../i18n/language.tsx'
import { Cell, Row, RowHead, Table } from '../../../ui/table.tsx'
import { LiveSection } from '../live-section.tsx'
import { type Bus, useBus } from './use-system.ts'

/** How far each consumer group is behind, and on which topics. */
export function Consumers() {
  const { system: texts } = useTexts().operations
  return (
    <LiveSection title={texts.consumers} query={useBus()}>
      {({ groups }) => (
        <Table label={texts.consumers} head={Object.values(texts.consumerColumns)}>
          {groups.map((group) => (
            <GroupRow key={group.group} {...group} />
          ))}
        </Table>
      )}
    </LiveSection>
  )
}

function GroupRow({ group, members, lag, topics }: Bus['groups'][number]) {
  const { system: texts } = useTexts().operations
  return (
    <Row>
      <RowHead>{group}</RowHead>
      <Cell className={`tabular-nums ${members === 0 ? 'font-medium text-bad' : ''}`}>{members}</Cell>
      <Cell className="tabular-nums">
        {lag}
        {topics
          .filter((topic) => topic.lag > 0)
          .map((topic) => (
            <span key={topic.topic} className="block text-sm text-muted">
              {texts.behindOn(topic.topic, topic.lag)}
            </span>
          ))}
      </Cell>
    </Row>
  )
}
