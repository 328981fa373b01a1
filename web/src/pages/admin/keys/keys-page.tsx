import { useTexts } from '../../../i18n/language.tsx'
import { useIsAdmin } from '../../../session/use-me.ts'
import { Title } from '../../../ui/title.tsx'
import { LiveSection } from '../live-section.tsx'
import { KeyChanges } from './key-changes.tsx'
import { KeyTable } from './key-table.tsx'
import { useKeys } from './use-keys.ts'

/** What auth signs access tokens with. Staff look; what can be done is for admins. */
export default function KeysPage() {
  const { keys: texts } = useTexts()
  const mayChange = useIsAdmin()
  return (
    <>
      <Title>{texts.title}</Title>
      <p className="mt-4 text-muted">{texts.explain}</p>
      <LiveSection title={texts.list} query={useKeys()}>
        {(keys) => (
          <>
            <KeyTable keys={keys} />
            {mayChange && <KeyChanges keys={keys} />}
          </>
        )}
      </LiveSection>
    </>
  )
}
