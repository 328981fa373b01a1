import { useTexts } from '../../../i18n/language.tsx'
import { Button } from '../../../ui/button.tsx'
import { useCopy } from '../../../ui/use-copy.ts'
import type { Credentials } from './use-clients.ts'

/** What the app's authors need. */
export function Issued({ name, clientID, clientSecret }: Credentials) {
  const { clients: texts } = useTexts()
  return (
    <div className="mt-6 grid max-w-md gap-4 rounded-md border border-line/60 bg-surface p-4">
      <p className="font-medium wrap-anywhere">{name}</p>
      <Value label={texts.clientID} value={clientID} />
      {clientSecret && (
        <>
          <Value label={texts.clientSecret} value={clientSecret} />
          <p>{texts.secretOnce}</p>
        </>
      )}
    </div>
  )
}

function Value({ label, value }: { label: string; value: string }) {
  const { clients: texts } = useTexts()
  const [outcome, copy] = useCopy(value)
  return (
    <div>
      <p className="text-sm text-muted">{label}</p>
      <code className="break-all select-all">{value}</code>
      <p className="mt-2 flex flex-wrap items-center gap-4">
        <Button kind="quiet" aria-label={`${texts.copy}: ${label}`} onClick={copy}>
          {texts.copy}
        </Button>
        <span role="status">{outcome && texts[outcome]}</span>
      </p>
    </div>
  )
}
