import { useTexts } from '../../i18n/language.tsx'
import { useTimeFormat } from '../../ui/time.tsx'
import { EndableList } from './endable-list.tsx'
import { GRANTS, type Listed } from './use-account.ts'

/** An app of somebody else's that has been allowed something here. */
interface AllowedApp extends Listed {
  name: string
  scopes: string[]
  since: string
  lastUsedAt: string | null
}

export function AllowedApps() {
  const { account } = useTexts()
  return (
    <EndableList<AllowedApp> title={account.apps} path={GRANTS} end={account.withdraw} nameOf={({ name }) => name}>
      {(app) => <Description {...app} />}
    </EndableList>
  )
}

function Description({ name, scopes, since, lastUsedAt }: AllowedApp) {
  const { account, consent } = useTexts()
  const when = useTimeFormat()
  const names: Record<string, string> = consent.scopes
  return (
    <>
      {name}
      <span className="block text-sm">{scopes.map((scope) => names[scope] ?? scope).join(', ')}</span>
      <span className="block text-sm text-muted">{account.allowed(when(since), lastUsedAt && when(lastUsedAt))}</span>
    </>
  )
}
