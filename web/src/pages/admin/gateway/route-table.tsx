import { useState } from 'react'
import { useTexts } from '../../../i18n/language.tsx'
import { Cell, Row, RowHead, Table } from '../../../ui/table.tsx'
import { TextField } from '../../../ui/text-field.tsx'
import { PluginList } from './plugin-list.tsx'
import { matching } from './routes.ts'
import type { Route } from './use-gateway.ts'

export function RouteTable({ routes }: { routes: Route[] }) {
  const { gateway: texts } = useTexts().operations
  const [text, setText] = useState('')
  const shown = matching(routes, text)
  return (
    <>
      <search className="block max-w-md">
        <TextField label={texts.find} type="search" value={text} onChange={({ target }) => setText(target.value)} />
      </search>
      <p role="status" className="mb-2 text-muted">
        {texts.count(shown.length, routes.length)}
      </p>
      <Table label={texts.routes} head={Object.values(texts.routeColumns)}>
        {shown.map((route) => (
          <RouteRow key={route.id} {...route} />
        ))}
      </Table>
    </>
  )
}

function RouteRow({ name, service, methods, hosts, paths, plugins }: Route) {
  const { gateway: texts } = useTexts().operations
  return (
    <Row>
      <RowHead>{name}</RowHead>
      <Cell>{service}</Cell>
      <Cell className="min-w-64">
        <span className="text-sm text-muted">{methods?.join(', ') ?? texts.anyMethod}</span>
        {[...(hosts ?? []), ...(paths ?? [])].map((place) => (
          <code key={place} className="block text-sm break-all">
            {place}
          </code>
        ))}
      </Cell>
      <Cell className="min-w-64">
        <PluginList plugins={plugins.filter(({ scope }) => scope !== 'global')} />
      </Cell>
    </Row>
  )
}
