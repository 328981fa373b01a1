import type { ComponentProps } from 'react'

/** A button that reads as a link. While it is disabled it keeps the focus, which the attribute would lose. */
export function TextButton({ className = '', disabled = false, onClick, ...rest }: ComponentProps<'button'>) {
  const look = 'min-h-11 text-accent underline underline-offset-4 aria-disabled:opacity-60'
  return (
    <button
      type="button"
      aria-disabled={disabled || undefined}
      className={`${look} ${className}`}
      onClick={disabled ? undefined : onClick}
      {...rest}
    />
  )
}
