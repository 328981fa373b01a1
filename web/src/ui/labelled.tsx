import { type ReactNode, useId } from 'react'

interface Props {
  label: string
  error?: string | undefined
  children(input: { id: string; className: string; 'aria-invalid': boolean; 'aria-describedby': string }): ReactNode
}

/** An input's label, and its error beside it, announced as it appears. Room for the error is always there: nothing moves. */
export function Labelled({ label, error, children }: Props) {
  const id = useId()
  return (
    <div>
      <label htmlFor={id} className="block font-medium">
        {label}
      </label>
      {children({
        id,
        className:
          'mt-1 min-h-11 w-full rounded border border-line bg-page px-3 aria-invalid:border-bad [&[readonly]]:bg-surface',
        'aria-invalid': error !== undefined,
        'aria-describedby': `${id}-error`,
      })}
      <p id={`${id}-error`} aria-live="polite" className="min-h-6 text-sm wrap-anywhere text-bad">
        {error}
      </p>
    </div>
  )
}
