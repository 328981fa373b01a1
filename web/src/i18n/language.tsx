import { createContext, type ReactNode, useContext, useEffect, useState } from 'react'
import { en } from './en.ts'
import { th } from './th.ts'

export type Texts = typeof en
export type Language = 'en' | 'th'

const TEXTS: Record<Language, Texts> = { en, th }
const KEY = 'language'

interface Choice {
  language: Language
  choose(language: Language): void
}

const Chosen = createContext<Choice>({ language: 'en', choose: () => undefined })

export function LanguageProvider({ children }: { children: ReactNode }) {
  const [language, choose] = useState(remembered)
  useEffect(() => {
    document.documentElement.lang = language
    localStorage.setItem(KEY, language)
  }, [language])
  return <Chosen value={{ language, choose }}>{children}</Chosen>
}

export const useLanguage = (): Choice => useContext(Chosen)

/** The texts in the chosen language. */
export const useTexts = (): Texts => TEXTS[useLanguage().language]

function remembered(): Language {
  const kept = localStorage.getItem(KEY)
  if (kept === 'en' || kept === 'th') return kept
  return navigator.language.startsWith('th') ? 'th' : 'en'
}
