import { useTexts } from '../../../i18n/language.tsx'
import { Button } from '../../../ui/button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'

/** As it is, which may be no JSON at all. */
export function DataDialog({ data, onClose }: { data: string | null; onClose(): void }) {
  const { system: texts } = useTexts().operations
  return (
    <Dialog title={texts.data} onClose={onClose}>
      <pre className="my-4 max-h-[60dvh] overflow-y-auto break-all whitespace-pre-wrap">{data ?? texts.noData}</pre>
      <Button onClick={onClose}>{texts.close}</Button>
    </Dialog>
  )
}
