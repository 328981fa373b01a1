import { type ComponentProps, useId } from 'react'

type Props = ComponentProps<'input'> & { label: string; error?: string | undefined }

/** A labelled input with its error beside it, announced as it appears. Room for the error is always there: nothing moves. */
export function TextField({ label, error, ...input }: Props) {
  const id = useId()
  return (
    <div>
      <label htmlFor={id} className="block font-medium">
        {label}
      </label>
      <input
        id={id}
        className="mt-1 min-h-11 w-full rounded border border-line bg-page px-3 aria-invalid:border-bad"
        aria-invalid={error !== undefined}
        aria-describedby={`${id}-error`}
        {...input}
      />
      <p id={`${id}-error`} aria-live="polite" className="min-h-6 text-sm text-bad">
        {error}
      </p>
    </div>
  )
}
