import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { ApiError } from '../../api/errors.ts'
import { request } from '../../api/request.ts'
import { useTexts } from '../../i18n/language.tsx'
import { Button } from '../../ui/button.tsx'
import { Failure } from '../../ui/failure.tsx'
import { Section } from '../../ui/section.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { TextLink } from '../../ui/text-link.tsx'
import { Title } from '../../ui/title.tsx'
import { FIELDS, type Field, isValid, type Registration } from './registration.ts'
import { ResendForm } from './resend-form.tsx'

const EMPTY: Registration = { name: '', email: '', phoneNumber: '', thaiID: '' }

const INPUTS: Record<Field, { type: string; autoComplete: string; inputMode?: 'numeric' }> = {
  name: { type: 'text', autoComplete: 'name' },
  email: { type: 'email', autoComplete: 'email' },
  phoneNumber: { type: 'tel', autoComplete: 'tel' },
  thaiID: { type: 'text', autoComplete: 'off', inputMode: 'numeric' },
}

export default function RegisterPage() {
  const texts = useTexts()
  const [values, setValues] = useState(EMPTY)
  const [visited, setVisited] = useState<Partial<Record<Field, boolean>>>({})
  const registers = useMutation({ mutationFn: send })
  if (registers.isSuccess) return <Registered email={values.email} />

  const refused = registers.error instanceof ApiError ? registers.error.fields.map(({ field }) => field) : []
  const isWrong = (field: Field) => refused.includes(field) || (visited[field] && !isValid(field, values[field]))
  const change = (field: Field, text: string) => {
    setValues({ ...values, [field]: text })
    if (registers.isError) registers.reset()
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setVisited(Object.fromEntries(FIELDS.map((field) => [field, true])))
    if (FIELDS.every((field) => isValid(field, values[field]))) registers.mutate(values)
  }

  return (
    <>
      <Title>{texts.register.title}</Title>
      <form noValidate onSubmit={submit} className="mt-6 grid gap-2">
        {FIELDS.map((field) => (
          <TextField
            key={field}
            name={field}
            label={texts.fields[field]}
            value={values[field]}
            error={isWrong(field) ? texts.fields.errors[field] : undefined}
            required={field !== 'thaiID'}
            onChange={({ target }) => change(field, target.value)}
            onBlur={() => setVisited({ ...visited, [field]: values[field] !== '' || visited[field] === true })}
            {...INPUTS[field]}
          />
        ))}
        <Failure error={registers.error} known={{ 400: texts.register.invalid, 409: texts.register.clash }} />
        <Button type="submit" busy={registers.isPending}>
          {registers.isPending ? texts.register.submitting : texts.register.submit}
        </Button>
      </form>
    </>
  )
}

function Registered({ email }: { email: string }) {
  const { register, resend } = useTexts()
  return (
    <>
      <Title>{register.thanks}</Title>
      <p className="mt-6 wrap-anywhere">{register.next(email)}</p>
      <p className="mt-6">
        <TextLink href="/sign-in">{register.signIn}</TextLink>
      </p>
      <Section title={resend.title}>
        <ResendForm email={email}>{register.noMail}</ResendForm>
      </Section>
    </>
  )
}

const send = ({ thaiID, ...contact }: Registration) =>
  request('/api/v1/register', { method: 'POST', body: { ...contact, ...(thaiID && { thaiID }) } })
