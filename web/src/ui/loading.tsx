import { useTexts } from '../i18n/language.tsx'

export function Loading() {
  return (
    <p role="status" className="p-8 text-center">
      {useTexts().loading}
    </p>
  )
}
