import { useState } from 'react'
import { useTexts } from '../../../i18n/language.tsx'
import { Pager } from '../../../ui/pager.tsx'
import { Cell, Row, RowHead, Table } from '../../../ui/table.tsx'
import { LiveSection } from '../live-section.tsx'
import { LimitUse } from './limit-use.tsx'
import { PARTNERS_PAGE, type Partner, usePartners } from './use-gateway.ts'

/** Who has which quota, and how much of it is used up now. */
export function Partners() {
  const { gateway: texts } = useTexts().operations
  const [page, setPage] = useState(1)
  return (
    <LiveSection title={texts.partners} query={usePartners(page)}>
      {({ partners, total }) => (
        <>
          {total === 0 ? <p className="text-muted">{texts.noPartners}</p> : <PartnerTable partners={partners} />}
          <Pager label={texts.partners} page={page} pages={Math.ceil(total / PARTNERS_PAGE)} onTurn={setPage} />
        </>
      )}
    </LiveSection>
  )
}

function PartnerTable({ partners }: { partners: Partner[] }) {
  const { gateway: texts } = useTexts().operations
  return (
    <Table label={texts.partners} head={Object.values(texts.partnerColumns)}>
      {partners.map(({ id, username, groups, quota }) => (
        <Row key={id}>
          <RowHead>{username ?? id}</RowHead>
          <Cell>{groups.join(', ')}</Cell>
          <Cell>
            {quota?.limits.map((limit) => <LimitUse key={limit.period} partner={username ?? id} {...limit} />) ??
              texts.noQuota}
          </Cell>
        </Row>
      ))}
    </Table>
  )
}
