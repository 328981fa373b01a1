import { useTexts } from '../../../i18n/language.tsx'
import { keyOf, settingsText } from './routes.ts'
import type { PluginInForce } from './use-gateway.ts'

/** Plugins with what they are set to, in the order in which they run. */
export const PluginList = ({ plugins }: { plugins: PluginInForce[] }) => (
  <ul className="grid gap-1">
    {plugins.map((plugin) => (
      <li key={keyOf(plugin)} className="break-words">
        <PluginName {...plugin} />
      </li>
    ))}
  </ul>
)

function PluginName({ name, scope, consumer, settings }: PluginInForce) {
  const { gateway: texts } = useTexts().operations
  const notes = [scope === 'service' && texts.ofService, consumer && texts.forOne].filter(Boolean).join(', ')
  return (
    <>
      <strong className="font-medium">{name}</strong>{' '}
      <span className="text-sm text-muted">{settingsText(settings)}</span>
      {notes && <span className="text-sm"> ({notes})</span>}
    </>
  )
}
