import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useRef } from 'react'
import { useTexts } from '../../i18n/language.tsx'
import { authorized } from '../../session/session.ts'
import { Failure } from '../../ui/failure.tsx'
import { Section } from '../../ui/section.tsx'
import { TextButton } from '../../ui/text-button.tsx'
import { GRANTS, type Listed, useListed } from './use-account.ts'

interface Props<Item> {
  title: string
  path: string
  /** What the button says that ends one. */
  end: string
  /** What one is known by. */
  nameOf(item: Item): string
  /** Of which one cannot be ended here. */
  isKept?(item: Item): boolean
  children(item: Item): ReactNode
}

/** A list in which each can be ended. */
export function EndableList<Item extends Listed>({ title, path, end, nameOf, isKept, children }: Props<Item>) {
  const { account } = useTexts()
  const queries = useQueryClient()
  const { data, isLoadingError, error, refetch } = useListed<Item>(path)
  const list = useRef<HTMLUListElement>(null)
  const ends = useMutation({
    mutationFn: (id: string) => authorized(`${path}/${id}`, { method: 'DELETE' }),
    onSuccess: () => list.current?.focus(), // the button that has it goes
    // With a session ends what apps were allowed in it.
    onSettled: () => Promise.all([path, GRANTS].map((key) => queries.invalidateQueries({ queryKey: [key] }))),
  })
  return (
    <Section title={title}>
      {data?.length === 0 && <p className="text-muted">{account.none}</p>}
      <ul ref={list} tabIndex={-1} className="outline-none divide-y divide-line/40">
        {data?.map((item) => (
          <li key={item.id} className="flex items-center justify-between gap-x-4 py-2">
            <span className="wrap-anywhere">{children(item)}</span>
            {!isKept?.(item) && (
              <TextButton
                className="shrink-0"
                aria-label={`${end}: ${nameOf(item)}`}
                disabled={ends.isPending}
                onClick={() => ends.mutate(item.id)}
              >
                {end}
              </TextButton>
            )}
          </li>
        ))}
      </ul>
      {isLoadingError ? <Failure error={error} onRetry={refetch} /> : <Failure error={ends.error} />}
    </Section>
  )
}
