import type { ReactNode } from 'react'

/** The width in which a form or a text reads well. */
export const Narrow = ({ children }: { children: ReactNode }) => <div className="mx-auto max-w-md">{children}</div>
