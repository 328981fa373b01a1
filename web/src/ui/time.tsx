import { useLanguage } from '../i18n/language.tsx'

/** A moment, as the reader's language writes it. */
export function Time({ iso }: { iso: string }) {
  return <time dateTime={iso}>{useTimeFormat()(iso)}</time>
}

export function useTimeFormat(): (iso: string) => string {
  const { language } = useLanguage()
  const format = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' })
  return (iso) => format.format(new Date(iso))
}
