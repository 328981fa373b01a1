import { useTexts } from '../i18n/language.tsx'
import { TextButton } from './text-button.tsx'

interface Props {
  /** What it turns the pages of. */
  label: string
  page: number
  pages: number
  onTurn(page: number): void
}

export function Pager({ label, page, pages, onTurn }: Props) {
  const { pager: texts } = useTexts()
  if (pages <= 1) return null
  return (
    <nav aria-label={label} className="mt-2 flex items-center gap-4">
      <TextButton disabled={page === 1} onClick={() => onTurn(page - 1)}>
        {texts.previous}
      </TextButton>
      <span>{texts.page(page, pages)}</span>
      <TextButton disabled={page === pages} onClick={() => onTurn(page + 1)}>
        {texts.next}
      </TextButton>
    </nav>
  )
}
