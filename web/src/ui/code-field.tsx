import { TextField } from './text-field.tsx'

const DIGITS = 6

interface Props {
  label: string
  value: string
  error?: string
  onChange(code: string): void
  /** As the last digit is there: nobody needs to press a button. */
  onComplete(code: string): void
}

export const isCode = (text: string): boolean => text.length === DIGITS

/** A code of an authenticator. Pasted with spaces or typed, one field: what screen readers and password managers know. */
export function CodeField({ onChange, onComplete, ...field }: Props) {
  const take = (text: string) => {
    const code = text.replaceAll(/\D/g, '').slice(0, DIGITS)
    onChange(code)
    if (isCode(code) && code !== field.value) onComplete(code)
  }
  return (
    <TextField
      {...field}
      inputMode="numeric"
      autoComplete="one-time-code"
      onChange={({ target }) => take(target.value)}
    />
  )
}
