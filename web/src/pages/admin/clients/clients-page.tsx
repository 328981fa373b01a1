import { useState } from 'react'
import { useTexts } from '../../../i18n/language.tsx'
import { useIsAdmin } from '../../../session/use-me.ts'
import { Focused } from '../../../ui/focused.tsx'
import { Loading } from '../../../ui/loading.tsx'
import { Pager } from '../../../ui/pager.tsx'
import { Section } from '../../../ui/section.tsx'
import { Title } from '../../../ui/title.tsx'
import { LiveSection } from '../live-section.tsx'
import { ClientList } from './client-list.tsx'
import { Issued } from './issued.tsx'
import { RegisterForm } from './register-form.tsx'
import { CLIENTS_PAGE, type Client, type Credentials, useClients } from './use-clients.ts'

/** Apps of others that people sign in to with their account here. */
export default function ClientsPage() {
  const { clients: texts } = useTexts()
  return (
    <>
      <Title>{texts.title}</Title>
      {useIsAdmin() ? <Clients /> : <p className="mt-6">{texts.forbidden}</p>}
    </>
  )
}

function Clients() {
  const { clients: texts } = useTexts()
  const [page, setPage] = useState(1)
  const [issued, setIssued] = useState<Credentials>()
  const query = useClients(page)
  // Both parts at once: the list would push the form down.
  if (query.isPending) return <Loading />
  const forget = ({ clientID }: Client) => {
    if (issued?.clientID === clientID) setIssued(undefined)
    if (query.data?.clients.length === 1) setPage(Math.max(1, page - 1))
  }
  return (
    <>
      <p className="mt-4 text-muted">{texts.explain}</p>
      {issued && (
        <Focused key={issued.clientSecret ?? issued.clientID}>
          <Issued {...issued} />
        </Focused>
      )}
      <LiveSection title={texts.registered} query={query}>
        {({ clients, total }) => (
          <>
            <ClientList clients={clients} onIssued={setIssued} onRemoved={forget} />
            <Pager label={texts.registered} page={page} pages={Math.ceil(total / CLIENTS_PAGE)} onTurn={setPage} />
          </>
        )}
      </LiveSection>
      <Section title={texts.register}>
        <RegisterForm onIssued={setIssued} />
      </Section>
    </>
  )
}
