import { type ReactNode, useId, useLayoutEffect, useRef } from 'react'

interface Props {
  title: string
  children: ReactNode
  /** Escape, too. */
  onClose(): void
}

/** Modal: the browser keeps the focus inside, and gives it back where the dialog is closed before it goes. */
export function Dialog({ title, children, onClose }: Props) {
  const dialog = useRef<HTMLDialogElement>(null)
  const heading = useId()
  useLayoutEffect(() => {
    const shown = dialog.current
    shown?.showModal()
    return () => shown?.close()
  }, [])
  return (
    <dialog
      ref={dialog}
      aria-labelledby={heading}
      onClose={() => dialog.current?.open === false && onClose()}
      className="m-auto w-[calc(100%-2rem)] max-w-sm rounded-lg border border-line bg-page p-6 text-ink backdrop:bg-black/60"
    >
      <h2 id={heading} className="text-xl font-semibold">
        {title}
      </h2>
      {children}
    </dialog>
  )
}
