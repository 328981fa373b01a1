import { useRef, useState } from 'react'
import { useTexts } from '../../../i18n/language.tsx'
import { StepUpDeclined } from '../../../session/step-up.ts'
import { ConfirmDialog } from '../../../ui/confirm-dialog.tsx'
import { Outcome } from '../../../ui/outcome.tsx'
import { ClientTable } from './client-table.tsx'
import { EditClient } from './edit-client.tsx'
import { type Change, type Client, type Credentials, useChange } from './use-clients.ts'

interface Props {
  /** Of one page. */
  clients: Client[]
  onIssued(issued: Credentials): void
  onRemoved(client: Client): void
}

export function ClientList({ clients, onIssued, onRemoved }: Props) {
  const { clients: texts } = useTexts()
  const [asked, setAsked] = useState<{ how: Change; client: Client }>()
  const [edited, setEdited] = useState<Client>()
  const [saved, setSaved] = useState(false)
  const outcome = useRef<HTMLDivElement>(null)
  const changes = useChange((issued, { client }) => {
    if (issued) return onIssued(issued)
    outcome.current?.focus() // the button that had it is gone
    onRemoved(client)
  })
  const confirm = (change: { how: Change; client: Client }) => {
    setAsked(undefined)
    setEdited(undefined)
    setSaved(false)
    changes.mutate(change)
  }
  const edit = (client: Client) => {
    changes.reset()
    setSaved(false)
    setEdited(client)
  }
  const endEdit = (isSaved: boolean) => {
    outcome.current?.focus() // the form that had it goes
    setSaved(isSaved)
    setEdited(undefined)
  }
  const done = saved ? texts.done.change : changes.isSuccess && texts.done[changes.variables.how]
  const error = changes.error instanceof StepUpDeclined ? null : changes.error
  const known = { 403: texts.forbidden, 404: texts.gone }
  return (
    <>
      <div ref={outcome} tabIndex={-1} className="my-2">
        <Outcome error={error} known={known} done={done} />
      </div>
      {clients.length === 0 ? (
        <p className="text-muted">{texts.none}</p>
      ) : (
        <ClientTable
          clients={clients}
          busy={changes.isPending}
          onChange={(how, client) => setAsked({ how, client })}
          onEdit={edit}
        />
      )}
      {edited && (
        <EditClient
          key={edited.clientID}
          client={edited}
          onSaved={() => endEdit(true)}
          onClose={() => endEdit(false)}
        />
      )}
      {asked && (
        <ConfirmDialog
          title={texts.confirm[asked.how].title}
          confirm={texts.changes[asked.how]}
          onConfirm={() => confirm(asked)}
          onClose={() => setAsked(undefined)}
        >
          <p>{texts.confirm[asked.how].explain}</p>
          <p className="wrap-anywhere">{asked.client.name}</p>
        </ConfirmDialog>
      )}
    </>
  )
}
