import { type FormEvent, useState } from 'react'
import { useTexts } from '../../../i18n/language.tsx'
import { StepUpDeclined } from '../../../session/step-up.ts'
import { Button } from '../../../ui/button.tsx'
import { Failure } from '../../../ui/failure.tsx'
import { Focused } from '../../../ui/focused.tsx'
import { Loading } from '../../../ui/loading.tsx'
import { Section } from '../../../ui/section.tsx'
import { TextButton } from '../../../ui/text-button.tsx'
import { ClientFields } from './client-fields.tsx'
import { type Draft, isComplete, toDraft, toRegistration } from './draft.ts'
import { type Client, useClient, useEdit, type Versioned } from './use-clients.ts'

interface Props {
  /** As the list has it. */
  client: Client
  onSaved(): void
  onClose(): void
}

/** Changes what an app is registered with. */
export function EditClient({ client: { clientID, name }, onSaved, onClose }: Props) {
  const { clients: texts } = useTexts()
  const { data, error, refetch } = useClient(clientID)
  const edits = useEdit(clientID, onSaved)
  const known = { 404: texts.gone }
  return (
    <Focused>
      <Section title={texts.edit(name)}>
        {!data && !error && <Loading />}
        {!data && error && <Failure error={error} known={known} onRetry={refetch} />}
        {/* Where somebody else was faster, it begins anew with what they made of it. */}
        {data && <EditForm key={data.etag} {...data} edits={edits} onClose={onClose} />}
      </Section>
    </Focused>
  )
}

function EditForm({
  client,
  etag,
  edits,
  onClose,
}: Versioned & { edits: ReturnType<typeof useEdit>; onClose(): void }) {
  const { clients: texts, cancel } = useTexts()
  const [draft, setDraft] = useState(() => toDraft(client))
  const [tried, setTried] = useState(false)
  const change = (part: Partial<Draft>) => {
    setDraft({ ...draft, ...part })
    if (edits.isError) edits.reset()
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    const { confidential: _, ...changes } = toRegistration(draft)
    if (isComplete(draft)) edits.mutate({ changes, etag })
  }
  const error = edits.error instanceof StepUpDeclined ? null : edits.error
  return (
    <form noValidate onSubmit={submit} className="grid max-w-md gap-2">
      <ClientFields
        draft={draft}
        tried={tried}
        outcome={{ error, variables: edits.variables?.changes }}
        onChange={change}
      />
      <p className="text-sm text-muted">{texts.lessEnds}</p>
      <Failure
        error={error}
        known={{ 400: texts.invalid, 403: texts.forbidden, 404: texts.gone, 412: texts.conflict }}
      />
      <Button type="submit" busy={edits.isPending}>
        {texts.save}
      </Button>
      <TextButton onClick={onClose}>{cancel}</TextButton>
    </form>
  )
}
