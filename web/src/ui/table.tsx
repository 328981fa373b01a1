import type { ComponentProps, ReactNode } from 'react'

interface Props {
  /** What it is a table of. */
  label: string
  /** The columns' names. */
  head: string[]
  /** Its rows. */
  children: ReactNode
}

/** Where the screen is too narrow it scrolls by itself, by keyboard too, and the page does not. */
export function Table({ label, head, children }: Props) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: without it nobody scrolls this by keyboard (WCAG 2.1.1)
    <div tabIndex={0} className="overflow-x-auto rounded-md border border-line/60">
      <table aria-label={label} className="w-full border-collapse text-left">
        <thead className="bg-surface">
          <tr>
            {head.map((name) => (
              <th key={name} scope="col" className="px-3 py-2">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  )
}

export const Row = ({ children }: { children: ReactNode }) => (
  <tr className="border-t border-line/40 align-top">{children}</tr>
)

/** What the row is about. */
export const RowHead = ({ children }: { children: ReactNode }) => (
  <th scope="row" className="px-3 py-2 font-medium">
    {children}
  </th>
)

export const Cell = ({ className = '', ...rest }: ComponentProps<'td'>) => (
  <td className={`px-3 py-2 ${className}`} {...rest} />
)
