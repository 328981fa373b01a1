import type { Middleware } from 'koa'
import type { ErrorOut, KoaContextWithOIDC } from 'oidc-provider'

const TEXTS = {
  en: {
    ask: 'Sign out of Jade Palace?',
    yes: 'Sign out',
    no: 'Stay signed in',
    done: 'You are signed out.',
    failed: 'This did not work. Go back to the app you came from and try again.',
  },
  th: {
    ask: 'ออกจากระบบ Jade Palace หรือไม่',
    yes: 'ออกจากระบบ',
    no: 'อยู่ในระบบต่อ',
    done: 'คุณออกจากระบบแล้ว',
    failed: 'ดำเนินการไม่สำเร็จ กรุณากลับไปที่แอปเดิมแล้วลองอีกครั้ง',
  },
}

/**
 * No frame, and no script but the provider's own, whose hash it adds to `script-src` where a page of its own sends a form off.
 * What a form leads to is not limited: browsers would count the app's own address, too.
 */
const CONTENT_SECURITY_POLICY = "default-src 'none'; script-src; base-uri 'none'; frame-ancestors 'none'"

/** Limits whatever is shown as a page, the provider's own ones, too. */
export const limitPages: Middleware = (ctx, next) => {
  ctx.set({ 'Content-Security-Policy': CONTENT_SECURITY_POLICY, 'X-Content-Type-Options': 'nosniff' })
  return next()
}

/** Asks before an app signs somebody out (OpenID Connect RP-Initiated Logout §2). */
export function logoutSource(ctx: KoaContextWithOIDC, form: string): void {
  send(ctx, (texts) => [
    `<h1>${texts.ask}</h1>`,
    form,
    `<button type="submit" form="op.logoutForm" name="logout" value="yes" autofocus>${texts.yes}</button>`,
    `<button type="submit" form="op.logoutForm">${texts.no}</button>`,
  ])
}

export const postLogoutSuccessSource = (ctx: KoaContextWithOIDC): void => send(ctx, ({ done }) => [`<h1>${done}</h1>`])

/** What cannot be told to an app, as one that is not known or asks to be answered elsewhere. */
export const renderError = (ctx: KoaContextWithOIDC, { error, error_description = '' }: ErrorOut): void =>
  send(ctx, ({ failed }) => [`<h1>${failed}</h1>`, `<p lang="en">${escaped(`${error}: ${error_description}`)}</p>`])

function send(ctx: KoaContextWithOIDC, content: (texts: (typeof TEXTS)['en']) => string[]): void {
  const language = ctx.acceptsLanguages('en', 'th') === 'th' ? 'th' : 'en'
  ctx.set({
    'Cache-Control': 'no-store',
    'Referrer-Policy': 'no-referrer',
  })
  ctx.type = 'html'
  ctx.body = [
    `<!doctype html><html lang="${language}"><head><title>Jade Palace</title>`,
    '<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"></head><body><main>',
    ...content(TEXTS[language]),
    '</main></body></html>',
  ].join('\n')
}

const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
