/** Where to go after signing in: a path of these pages, whatever the address says (an open redirect otherwise). */
export function safeNext(next: string | null, origin: string): string {
  const fallback = '/account'
  if (!next?.startsWith('/')) return fallback
  const url = URL.parse(next, origin)
  return url && url.origin === origin && !url.pathname.startsWith('//') ? url.pathname + url.search : fallback
}
