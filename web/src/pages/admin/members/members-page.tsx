import { useEffect, useState } from 'react'
import { useSearchParams } from 'wouter'
import { useTexts } from '../../../i18n/language.tsx'
import { SelectField } from '../../../ui/select-field.tsx'
import { TextField } from '../../../ui/text-field.tsx'
import { Title } from '../../../ui/title.tsx'
import { readPlace, readSelection, type Selection, writePlace } from './member.ts'
import { MemberTable } from './member-table.tsx'
import { Registrations } from './registrations.tsx'

const DEBOUNCE_MS = 250

export default function MembersPage() {
  const { members: texts } = useTexts()
  const [parameters, setParameters] = useSearchParams()
  const selection = readSelection(parameters)
  const select = (change: Partial<Selection>, from?: number) =>
    setParameters((current) => writePlace({ ...readSelection(current), ...change }, from), { replace: true })

  return (
    <>
      <Title>{texts.title}</Title>
      <Registrations />
      <search className="mt-4 flex flex-wrap gap-4">
        <SearchField search={selection.search} onSearch={(search) => select({ search })} />
        <SelectField
          label={texts.status}
          value={selection.status}
          options={texts.statuses}
          any={texts.anyStatus}
          onChange={(status) => select({ status })}
        />
      </search>
      <MemberTable
        selection={selection}
        from={readPlace(parameters)}
        onSort={(sort) => select({ sort })}
        onRest={(from) => select({}, from)}
      />
    </>
  )
}

/** Searches once the typing rests; an address that changes (back, a link) shows in it, too. */
function SearchField({ search, onSearch }: { search: string; onSearch(search: string): void }) {
  const { members: texts } = useTexts()
  const [text, setText] = useState(search)
  useEffect(() => setText(search), [search])
  useEffect(() => {
    if (text === search) return
    const timer = setTimeout(() => onSearch(text), DEBOUNCE_MS)
    return () => clearTimeout(timer)
  }, [text, search, onSearch])
  return <TextField label={texts.search} type="search" value={text} onChange={({ target }) => setText(target.value)} />
}
