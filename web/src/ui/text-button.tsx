import type { ComponentProps } from 'react'

/** A button that reads as a link. */
export function TextButton({ className = '', ...rest }: ComponentProps<'button'>) {
  const look = 'min-h-11 text-accent underline underline-offset-4 disabled:opacity-60'
  return <button type="button" className={`${look} ${className}`} {...rest} />
}
