import { useTable } from '@tanstack/react-table'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useRef } from 'react'
import { useTexts } from '../../../i18n/language.tsx'
import { Failure } from '../../../ui/failure.tsx'
import type { Selection, Sort } from './member.ts'
import { columns, features, type Row } from './member-columns.tsx'
import { SortableHead } from './sortable-head.tsx'
import { useCount, useWindow } from './use-members.ts'

const ROW_PX = 44
const OVERSCAN = 20

interface Props {
  selection: Selection
  onSort(sort: Sort): void
}

/** Only rows in view are in the document; two spacers stand for all others, so that the scroll bar tells the truth. */
export function MemberTable({ selection, onSort }: Props) {
  const { members: texts } = useTexts()
  const scroller = useRef<HTMLElement>(null)
  const { total, isMinimum, error } = useCount(selection)
  const virtual = useVirtualizer({
    count: total,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: OVERSCAN,
  })
  const items = virtual.getVirtualItems()
  const at = useWindow(selection, items[0]?.index ?? 0, items.at(-1)?.index ?? 0)
  const data = items.map(({ index }): Row => ({ index, member: at(index) }))
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
        className="h-[70dvh] overflow-auto rounded-md border border-line/60"
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
            <Spacer height={items[0]?.start ?? 0} />
            {table.getRowModel().rows.map((row) => (
              <tr key={row.id} aria-rowindex={row.original.index + 2} className="h-11 border-t border-line/40">
                {row.getAllCells().map((cell) => (
                  <td key={cell.id} className="truncate px-3">
                    <table.FlexRender cell={cell} />
                  </td>
                ))}
              </tr>
            ))}
            <Spacer height={virtual.getTotalSize() - (items.at(-1)?.end ?? 0)} />
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
