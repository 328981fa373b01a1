import { useTexts } from '../../../i18n/language.tsx'
import { Title } from '../../../ui/title.tsx'
import { LiveSection } from '../live-section.tsx'
import { Partners } from './partners.tsx'
import { PluginList } from './plugin-list.tsx'
import { RouteTable } from './route-table.tsx'
import { everywhere } from './routes.ts'
import { useGateway } from './use-gateway.ts'

/** Routes, plugins and partners as the gateway has them now, whatever is written elsewhere. */
export default function GatewayPage() {
  const { gateway: texts } = useTexts().operations
  const gateway = useGateway()
  return (
    <>
      <Title>{texts.title}</Title>
      <Partners />
      <LiveSection title={texts.everywhere} query={gateway}>
        {({ routes }) => (
          <>
            <p className="mb-2 text-muted">{texts.everywhereExplain}</p>
            <PluginList plugins={everywhere(routes)} />
          </>
        )}
      </LiveSection>
      <LiveSection title={texts.routes} query={gateway}>
        {({ routes, node }) => (
          <>
            <RouteTable routes={routes} />
            <p className="mt-2 text-sm text-muted">{texts.version(node.version, node.hostname)}</p>
          </>
        )}
      </LiveSection>
    </>
  )
}
