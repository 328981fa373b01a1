import type { ReactNode } from 'react'
import { Link } from 'wouter'
import { useLanguage, useTexts } from '../i18n/language.tsx'
import { useSession } from '../session/use-session.ts'

/** What is around every page. */
export function Frame({ children }: { children: ReactNode }) {
  const texts = useTexts()
  const { language, choose } = useLanguage()
  const other = language === 'en' ? 'th' : 'en'
  const signedOut = useSession() === 'signed-out'
  return (
    <>
      <a
        href="#content"
        className="sr-only focus:not-sr-only focus:absolute focus:z-10 focus:rounded-md focus:bg-page focus:p-3"
      >
        {texts.skipToContent}
      </a>
      <header className="flex flex-wrap items-center gap-x-3 border-b border-line/40 px-4 py-2">
        <Link href="/" className="py-2 text-lg font-semibold tracking-tight text-accent">
          {texts.name}
        </Link>
        <div className="ml-auto flex items-center gap-x-3">
          <Link href={signedOut ? '/sign-in' : '/account'} className="py-2 underline-offset-4 hover:underline">
            {signedOut ? texts.signIn.title : texts.account.title}
          </Link>
          <button
            type="button"
            lang={other}
            className="min-h-11 underline-offset-4 hover:underline"
            onClick={() => choose(other)}
          >
            {texts.otherLanguage}
          </button>
        </div>
      </header>
      <main id="content" tabIndex={-1} className="px-4 py-8 outline-none">
        {children}
      </main>
    </>
  )
}
