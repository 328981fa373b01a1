import { type ReactNode, useEffect, useRef } from 'react'

/** Takes the focus as it appears, in the place of what had it. */
export function Focused({ children }: { children: ReactNode }) {
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => place.current?.focus(), [])
  return (
    <div ref={place} tabIndex={-1} className="outline-none">
      {children}
    </div>
  )
}
