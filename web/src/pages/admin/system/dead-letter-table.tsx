import type { ReactNode } from 'react'
import { useTexts } from '../../../i18n/language.tsx'
import { useIsAdmin } from '../../../session/use-me.ts'
import { Cell, Row, Table } from '../../../ui/table.tsx'
import { TextButton } from '../../../ui/text-button.tsx'
import { Time } from '../../../ui/time.tsx'
import { EventHead } from './event-head.tsx'
import type { DeadLetter } from './use-dead-letters.ts'

interface Actions {
  busy: boolean
  onShow(letter: DeadLetter): void
  onReplay(letter: DeadLetter): void
  onDrop(letter: DeadLetter): void
}

/** Staff see what lies there; what can be done with it is for admins. */
export function DeadLetterTable({ letters, ...actions }: Actions & { letters: DeadLetter[] }) {
  const { system: texts } = useTexts().operations
  const mayAct = useIsAdmin()
  const { actions: last, ...columns } = texts.letterColumns
  if (letters.length === 0) return <p>{texts.noDeadLetters}</p>
  return (
    <Table label={texts.deadLetters} head={[...Object.values(columns), ...(mayAct ? [last] : [])]}>
      {letters.map((letter) => (
        <LetterRow key={letter.id} {...letter}>
          {mayAct && <Buttons letter={letter} {...actions} />}
        </LetterRow>
      ))}
    </Table>
  )
}

function LetterRow({ parkedAt, attempts, reason, children, ...event }: DeadLetter & { children: ReactNode }) {
  return (
    <Row>
      <EventHead {...event} />
      <Cell className="whitespace-nowrap">
        <Time iso={parkedAt} />
      </Cell>
      <Cell className="tabular-nums">{attempts}</Cell>
      <Cell className="min-w-64 break-words">{reason}</Cell>
      {children}
    </Row>
  )
}

function Buttons({ letter, busy, onShow, onReplay, onDrop }: Actions & { letter: DeadLetter }) {
  const { system: texts } = useTexts().operations
  const actions = { show: onShow, replay: onReplay, drop: onDrop }
  const names = Object.keys(actions) as (keyof typeof actions)[]
  return (
    <Cell className="flex gap-4">
      {names.map((name) => (
        <TextButton
          key={name}
          disabled={busy}
          aria-label={`${texts[name]}: ${letter.id}`}
          className="-my-2 whitespace-nowrap"
          onClick={() => actions[name](letter)}
        >
          {texts[name]}
        </TextButton>
      ))}
    </Cell>
  )
}
