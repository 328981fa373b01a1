import { useTexts } from '../../../i18n/language.tsx'
import { SORTABLE, type Sort, toggled } from './member.ts'

interface Props {
  column: string
  sort: Sort
  onSort(sort: Sort): void
}

export function SortableHead({ column, sort, onSort }: Props) {
  const { columns } = useTexts().members
  const name = columns[column as keyof typeof columns]
  const field = SORTABLE.find((sortable) => sortable === column)
  const direction = sort === field ? 'ascending' : sort === `-${field}` ? 'descending' : 'none'
  const arrow = { ascending: '▲', descending: '▼', none: '' }[direction]
  return (
    <th scope="col" aria-sort={field && direction} className="px-3">
      {field ? (
        <button type="button" className="min-h-11 font-semibold" onClick={() => onSort(toggled(sort, field))}>
          {name} <span aria-hidden="true">{arrow}</span>
        </button>
      ) : (
        name
      )}
    </th>
  )
}
