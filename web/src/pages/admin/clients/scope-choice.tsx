import { useTexts } from '../../../i18n/language.tsx'
import { Checkbox } from '../../../ui/checkbox.tsx'
import { SCOPES } from './draft.ts'

/** What the app may ask people for. */
export function ScopeChoice({ chosen, onChange }: { chosen: string[]; onChange(scopes: string[]): void }) {
  const { clients: texts } = useTexts()
  const toggle = (scope: string) => onChange(SCOPES.filter((each) => chosen.includes(each) !== (each === scope)))
  return (
    <fieldset>
      <legend className="font-medium">{texts.scopes}</legend>
      {SCOPES.map((scope) => (
        <Checkbox
          key={scope}
          label={texts.scopeNames[scope]}
          checked={chosen.includes(scope)}
          onChange={() => toggle(scope)}
        />
      ))}
    </fieldset>
  )
}
