import type { ReactNode } from 'react'
import { useTexts } from '../i18n/language.tsx'
import { Button } from './button.tsx'
import { Dialog } from './dialog.tsx'
import { TextButton } from './text-button.tsx'

interface Props {
  /** The question. */
  title: string
  /** What cannot be taken back, and of what. */
  children: ReactNode
  /** What the button says. */
  confirm: string
  onConfirm(): void
  onClose(): void
}

/** Asks before something is gone for good. */
export function ConfirmDialog({ title, children, confirm, onConfirm, onClose }: Props) {
  return (
    <Dialog title={title} onClose={onClose}>
      <div className="mt-4 grid gap-4">
        {children}
        <Button kind="danger" onClick={onConfirm}>
          {confirm}
        </Button>
        <TextButton onClick={onClose}>{useTexts().cancel}</TextButton>
      </div>
    </Dialog>
  )
}
