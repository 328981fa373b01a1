import { useTable } from '@tanstack/react-table'
import { useTexts } from '../../../i18n/language.tsx'
import { Failure } from '../../../ui/failure.tsx'
import type { Selection, Sort } from './member.ts'
import { columns, features, type Row } from './member-columns.tsx'
import { SortableHead } from './sortable-head.tsx'
import { useCount, useWindow } from './use-members.ts'
import { useRows } from './use-rows.ts'

interface Props {
  selection: Selection
  /** The number of the first member in view. */
  from: number
  onSort(sort: Sort): void
  onRest(from: number): void
}

/** Only rows in view are in the document; two spacers stand for all others, so that the scroll bar tells the truth. */
export function MemberTable({ selection, from, onSort, onRest }: Props) {
  const { members: texts } = useTexts()
  const { total, isMinimum, isKnown, error } = useCount(selection)
  const { scroller, rows, above, below } = useRows({ count: total, isKnown, from, onRest })
  const at = useWindow(selection, rows[0] ?? 0, rows.at(-1) ?? 0)
  const data = rows.map((index): Row => ({ index, member: at(index) }))
  const table = useTable({ features, columns, data, getRowId: ({ index }) => String(index) })

  return (
    <>
      <p role="status" className="my-2 text-muted">
        {isMinimum ? texts.countIsMore(total) : texts.count(total)}
      </p>
      {error && <Failure error={error} />}
      <section
        ref={scroller}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keyboard (WCAG 2.1.1)
        tabIndex={0}
        aria-label={texts.title}
        className="h-[70dvh] overflow-auto [overflow-anchor:none] rounded-md border border-line/60"
      >
        <table aria-rowcount={total + 1} className="w-full min-w-3xl table-fixed border-collapse text-left">
          <thead className="sticky top-0 bg-surface">
            <tr aria-rowindex={1}>
              {table.getFlatHeaders().map(({ id }) => (
                <SortableHead key={id} column={id} sort={selection.sort} onSort={onSort} />
              ))}
            </tr>
          </thead>
          <tbody>
            <Spacer height={above} />
            {table.getRowModel().rows.map((row) => (
              <tr key={row.id} aria-rowindex={row.original.index + 2} className="h-11 border-t border-line/40">
                {row.getAllCells().map((cell) => (
                  <td key={cell.id} className="truncate px-3">
                    <table.FlexRender cell={cell} />
                  </td>
                ))}
              </tr>
            ))}
            <Spacer height={below} />
          </tbody>
        </table>
      </section>
    </>
  )
}

const Spacer = ({ height }: { height: number }) =>
  height > 0 ? (
    <tr style={{ height }}>
      <td />
    </tr>
  ) : null
