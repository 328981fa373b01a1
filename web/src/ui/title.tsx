import { useEffect, useRef } from 'react'
import { useTexts } from '../i18n/language.tsx'

let isFirst = true

/**
 * A page's heading, also the document's title. It takes the focus as the page appears, so that a screen reader says where one
 * is; not on the first page after a load, whose title the browser has told, and whose first stop is the link to the content.
 */
export function Title({ children }: { children: string }) {
  const { name } = useTexts()
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    document.title = `${children} · ${name}`
  }, [children, name])
  useEffect(() => {
    if (!isFirst) heading.current?.focus()
    isFirst = false
  }, [])
  return (
    <h1
      ref={heading}
      tabIndex={-1}
      className="text-2xl sm:text-3xl font-semibold tracking-tight text-balance wrap-anywhere outline-none"
    >
      {children}
    </h1>
  )
}
