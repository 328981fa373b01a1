import { useTexts } from '../../../i18n/language.tsx'
import { Button } from '../../../ui/button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { TextButton } from '../../../ui/text-button.tsx'
import type { DeadLetter } from './use-dead-letters.ts'

interface Props {
  letter: DeadLetter
  onDrop(): void
  onClose(): void
}

export function DropDialog({ letter, onDrop, onClose }: Props) {
  const { system: texts } = useTexts().operations
  return (
    <Dialog title={texts.confirmDrop} onClose={onClose}>
      <div className="mt-4 grid gap-4">
        <p>{texts.confirmDropExplain}</p>
        <p className="break-words">
          {letter.topic}: {letter.reason}
        </p>
        <Button kind="danger" onClick={onDrop}>
          {texts.drop}
        </Button>
        <TextButton onClick={onClose}>{texts.cancel}</TextButton>
      </div>
    </Dialog>
  )
}
