import { type ReactNode, useId } from 'react'

/** A part of a page under a heading of its own. */
export function Section({ title, children }: { title: string; children: ReactNode }) {
  const heading = useId()
  return (
    <section aria-labelledby={heading} className="mt-10">
      <h2 id={heading} className="mb-3 text-xl font-semibold wrap-anywhere">
        {title}
      </h2>
      {children}
    </section>
  )
}
