import type { ComponentProps, MouseEvent } from 'react'

const KINDS = {
  primary: 'border-transparent bg-accent text-on-accent enabled:hover:bg-accent-strong',
  quiet: 'border-line text-accent enabled:hover:border-accent',
  danger: 'border-line text-bad enabled:hover:border-bad',
}

type Props = ComponentProps<'button'> & {
  kind?: keyof typeof KINDS
  /** What it began is still going on. It keeps the focus, which `disabled` would lose. */
  busy?: boolean
}

/** One primary a form; danger for what cannot be taken back. */
export function Button({ kind = 'primary', busy = false, className = '', onClick, ...rest }: Props) {
  const look = 'min-h-11 rounded-md border px-4 py-2 font-medium disabled:opacity-60 aria-disabled:opacity-60'
  // Also keeps a form from being sent again: Enter in a field clicks its button.
  const click = (event: MouseEvent<HTMLButtonElement>) => (busy ? event.preventDefault() : onClick?.(event))
  return (
    <button
      type="button"
      aria-disabled={busy || undefined}
      className={`${look} ${KINDS[kind]} ${className}`}
      onClick={click}
      {...rest}
    />
  )
}
