import { useQuery } from '@tanstack/react-query'
import { useTexts } from '../../../i18n/language.tsx'
import { authorized } from '../../../session/session.ts'
import { useTimeFormat } from '../../../ui/time.tsx'
import { useLiveCount } from './use-live-count.ts'

interface Hour {
  from: string
  count: number
}

const HOURS = 24
const REFRESH_MS = 60_000

/** How many register: this minute, live, and by the hour for a day. */
export function Registrations() {
  const { registrations: texts } = useTexts()
  const live = useLiveCount()
  const day = useQuery({
    queryKey: ['registrations'],
    queryFn: async () => (await authorized<Hour[]>('/api/v1/users/registrations')).data,
    refetchInterval: REFRESH_MS,
  })
  return (
    <section aria-label={texts.title} className="my-4 flex flex-wrap items-end gap-x-8 gap-y-2">
      <p>
        <strong className="block text-3xl tabular-nums">{live ?? '–'}</strong>
        {texts.perMinute}
      </p>
      <figure className="h-24 w-full max-w-xl">
        <Bars hours={day.data ?? []} />
        <figcaption className="text-sm text-muted">{texts.lastDay}</figcaption>
      </figure>
    </section>
  )
}

/** One bar an hour; each says its hour and count to whoever points at it or reads it out. */
function Bars({ hours }: { hours: Hour[] }) {
  const { registrations: texts } = useTexts()
  const time = useTimeFormat()
  const highest = Math.max(1, ...hours.map(({ count }) => count))
  return (
    <svg
      viewBox={`0 0 ${HOURS} 10`}
      preserveAspectRatio="none"
      className="h-16 w-full border-b border-line fill-accent"
    >
      <title>{texts.lastDay}</title>
      {hours.map(({ from, count }, index) => {
        const height = (count / highest) * 10
        return (
          <rect key={from} x={index + 0.1} width={0.8} y={10 - height} height={height}>
            <title>{`${time(from)}: ${count}`}</title>
          </rect>
        )
      })}
    </svg>
  )
}
