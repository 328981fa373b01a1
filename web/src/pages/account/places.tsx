import { useTexts } from '../../i18n/language.tsx'
import { useTimeFormat } from '../../ui/time.tsx'
import { EndableList } from './endable-list.tsx'
import type { Listed } from './use-account.ts'

/** A place where somebody is signed in, or need not show a code. */
interface Place extends Listed {
  device: string
  address: string
  signedInAt?: string
  rememberedAt?: string
  lastUsedAt: string
  current: boolean
}

export const Places = (list: { title: string; path: string; end: string }) => (
  <EndableList<Place> {...list} nameOf={({ device }) => device} isKept={({ current }) => current}>
    {(place) => <Description {...place} />}
  </EndableList>
)

function Description({ device, address, current, signedInAt, rememberedAt, lastUsedAt }: Place) {
  const { account } = useTexts()
  const when = useTimeFormat()
  const since = signedInAt ?? rememberedAt ?? lastUsedAt
  return (
    <>
      {device} {current && <strong className="font-medium text-accent">({account.thisOne})</strong>}
      <span className="block text-sm text-muted">{account.place(address, when(since), when(lastUsedAt))}</span>
    </>
  )
}
