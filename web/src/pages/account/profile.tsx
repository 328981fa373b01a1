import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTexts } from '../../i18n/language.tsx'
import { authorized } from '../../session/session.ts'
import { Button } from '../../ui/button.tsx'
import { Failure } from '../../ui/failure.tsx'
import { Outcome } from '../../ui/outcome.tsx'
import { Section } from '../../ui/section.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { isValid } from '../register/registration.ts'
import { type Contact, type OwnProfile, PROFILE, useProfile } from './use-account.ts'

export function Profile() {
  const { account } = useTexts()
  const { data, error, refetch } = useProfile()
  if (data === null) return null
  return (
    <Section title={account.profile}>
      {error && !data && <Failure error={error} onRetry={refetch} />}
      {data && <ProfileForm profile={data} />}
    </Section>
  )
}

const FIELDS = ['name', 'phoneNumber'] as const

function ProfileForm({ profile: { etag, ...profile } }: { profile: OwnProfile & { etag: string | null } }) {
  const { account, fields } = useTexts()
  const queries = useQueryClient()
  const [typed, setTyped] = useState<Partial<Contact>>({})
  const values = { ...profile, ...typed }
  const saves = useMutation({
    mutationFn: () => authorized(PROFILE, { method: 'PATCH', body: typed, headers: etag ? { 'If-Match': etag } : {} }),
    onSettled: () => queries.invalidateQueries({ queryKey: [PROFILE] }),
    onSuccess: () => setTyped({}),
  })
  const isWrong = (field: keyof Contact) => !isValid(field, values[field])
  const isChanged = FIELDS.some((field) => values[field] !== profile[field])
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (isChanged && !FIELDS.some(isWrong)) saves.mutate()
  }
  const known = { 400: account.invalid, 409: account.taken, 412: account.changedElsewhere }
  return (
    <form noValidate onSubmit={submit} className="grid gap-2">
      <p className="mb-2 wrap-anywhere text-muted">{profile.email}</p>
      {FIELDS.map((field) => (
        <TextField
          key={field}
          label={fields[field]}
          autoComplete={field === 'name' ? 'name' : 'tel'}
          value={values[field]}
          error={isWrong(field) ? fields.errors[field] : undefined}
          onChange={({ target }) => setTyped({ ...typed, [field]: target.value })}
        />
      ))}
      <Outcome error={saves.error} known={known} done={saves.isSuccess && !isChanged && account.saved} />
      <Button type="submit" busy={saves.isPending}>
        {account.save}
      </Button>
    </form>
  )
}
