import { faults } from '../api/errors.ts'
import { useTexts } from '../i18n/language.tsx'
import { TextField } from './text-field.tsx'

const SHORTEST = 12

/** What the server would refuse at once; whether a password is a common one it alone knows. */
export const isTooShort = (password: string): boolean => password.length < SHORTEST

interface Props {
  label: string
  /** What the server calls it. */
  field: string
  value: string
  /** Of the last try. */
  error: unknown
  onChange(password: string): void
}

export function NewPasswordField({ label, field, value, error, onChange }: Props) {
  const { fields } = useTexts()
  const isBad = (value !== '' && isTooShort(value)) || faults(error, field)
  return (
    <TextField
      label={label}
      type="password"
      autoComplete="new-password"
      value={value}
      error={isBad ? fields.errors.password : undefined}
      onChange={({ target }) => onChange(target.value)}
    />
  )
}
