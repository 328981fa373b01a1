import { useTexts } from '../../../i18n/language.tsx'
import { Cell, Row, RowHead, Table } from '../../../ui/table.tsx'
import { TextButton } from '../../../ui/text-button.tsx'
import { Time } from '../../../ui/time.tsx'
import { CHANGES, type Change, type Client } from './use-clients.ts'

interface Actions {
  busy: boolean
  onChange(how: Change, client: Client): void
  onEdit(client: Client): void
}

export function ClientTable({ clients, ...actions }: Actions & { clients: Client[] }) {
  const { clients: texts } = useTexts()
  return (
    <Table label={texts.registered} head={Object.values(texts.columns)}>
      {clients.map((client) => (
        <ClientRow key={client.clientID} client={client} {...actions} />
      ))}
    </Table>
  )
}

function ClientRow({ client, busy, onChange, onEdit }: Actions & { client: Client }) {
  const { clients: texts } = useTexts()
  return (
    <Row>
      <RowHead>
        <span className="wrap-anywhere">{client.name}</span>
        <span className="block whitespace-nowrap font-mono text-sm font-normal text-muted">{client.clientID}</span>
        <span className="block text-sm font-normal text-muted">
          {client.confidential ? texts.isConfidential : texts.isPublic}
        </span>
      </RowHead>
      <Addresses addresses={client.redirectUris} />
      <Addresses addresses={client.postLogoutRedirectUris} />
      <Cell>{client.scopes.join(' ')}</Cell>
      <Cell className="whitespace-nowrap">
        <Time iso={client.createdAt} />
      </Cell>
      <Cell className="flex gap-4">
        <Action name={texts.change} of={client} busy={busy} onClick={() => onEdit(client)} />
        {CHANGES.filter((how) => how === 'remove' || client.confidential).map((how) => (
          <Action key={how} name={texts.changes[how]} of={client} busy={busy} onClick={() => onChange(how, client)} />
        ))}
      </Cell>
    </Row>
  )
}

const Action = (action: { name: string; of: Client; busy: boolean; onClick(): void }) => (
  <TextButton
    disabled={action.busy}
    aria-label={`${action.name}: ${action.of.name}`}
    className="-my-2 whitespace-nowrap"
    onClick={action.onClick}
  >
    {action.name}
  </TextButton>
)

const Addresses = ({ addresses }: { addresses: string[] }) => (
  <Cell className="min-w-48 break-all">
    {addresses.map((address) => (
      <span key={address} className="block">
        {address}
      </span>
    ))}
  </Cell>
)
