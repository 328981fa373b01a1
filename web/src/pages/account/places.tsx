import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRef } from 'react'
import { useTexts } from '../../i18n/language.tsx'
import { authorized } from '../../session/session.ts'
import { Failure } from '../../ui/failure.tsx'
import { Section } from '../../ui/section.tsx'
import { TextButton } from '../../ui/text-button.tsx'
import { useTimeFormat } from '../../ui/time.tsx'
import { type Place, usePlaces } from './use-account.ts'

interface Props {
  title: string
  path: string
  /** What the button says that ends one. */
  end: string
}

/** Where somebody is signed in, or need not show a code: a list in which each can be ended. */
export function Places({ title, path, end }: Props) {
  const { account } = useTexts()
  const queries = useQueryClient()
  const { data, isLoadingError, error, refetch } = usePlaces(path)
  const list = useRef<HTMLUListElement>(null)
  const ends = useMutation({
    mutationFn: (id: string) => authorized(`${path}/${id}`, { method: 'DELETE' }),
    onSuccess: () => list.current?.focus(), // the button that has it goes
    onSettled: () => queries.invalidateQueries({ queryKey: [path] }),
  })
  return (
    <Section title={title}>
      {data?.length === 0 && <p className="text-muted">{account.none}</p>}
      <ul ref={list} tabIndex={-1} className="outline-none divide-y divide-line/40">
        {data?.map((place) => (
          <li key={place.id} className="flex items-center justify-between gap-x-4 py-2">
            <Description place={place} />
            {!place.current && (
              <TextButton
                className="shrink-0"
                aria-label={`${end}: ${place.device}`}
                disabled={ends.isPending}
                onClick={() => ends.mutate(place.id)}
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

function Description({ place: { device, address, current, signedInAt, rememberedAt, lastUsedAt } }: { place: Place }) {
  const { account } = useTexts()
  const when = useTimeFormat()
  const since = signedInAt ?? rememberedAt ?? lastUsedAt
  return (
    <span className="wrap-anywhere">
      {device} {current && <strong className="font-medium text-accent">({account.thisOne})</strong>}
      <span className="block text-sm text-muted">{account.place(address, when(since), when(lastUsedAt))}</span>
    </span>
  )
}
