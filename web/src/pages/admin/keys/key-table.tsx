import { useTexts } from '../../../i18n/language.tsx'
import { Cell, Row, RowHead, Table } from '../../../ui/table.tsx'
import { Time } from '../../../ui/time.tsx'
import type { Key } from './use-keys.ts'

export function KeyTable({ keys }: { keys: Key[] }) {
  const { keys: texts } = useTexts()
  return (
    <Table label={texts.list} head={Object.values(texts.columns)}>
      {keys.map((key) => (
        <KeyRow key={key.kid} {...key} />
      ))}
    </Table>
  )
}

function KeyRow({ kid, state, since, retirableFrom }: Key) {
  const { keys: texts } = useTexts()
  return (
    <Row>
      <RowHead>
        <span className="font-mono text-sm">{kid}</span>
      </RowHead>
      <Cell className="whitespace-nowrap">{texts.states[state]}</Cell>
      <Cell className="whitespace-nowrap">
        <Time iso={since} />
      </Cell>
      <Cell className="whitespace-nowrap">{retirableFrom && <Time iso={retirableFrom} />}</Cell>
    </Row>
  )
}
