type Named = [name: string, pattern: RegExp]

/** In this order: most browsers also name those that came before them. */
const BROWSERS: Named[] = [
  ['Edge', /\bEdg(e|A|iOS)?\//],
  ['Opera', /\b(OPR|Opera)\//],
  ['Samsung Internet', /\bSamsungBrowser\//],
  ['Firefox', /\b(Firefox|FxiOS)\//],
  ['Chrome', /\b(Chrome|CriOS|Chromium)\//],
  ['Safari', /\bVersion\/.*\bSafari\//],
]

const SYSTEMS: Named[] = [
  ['iPhone', /\biPhone\b/],
  ['iPad', /\biPad\b/],
  ['Android', /\bAndroid\b/],
  ['Windows', /\bWindows\b/],
  ['macOS', /\bMac OS X\b/],
  ['ChromeOS', /\bCrOS\b/],
  ['Linux', /\bLinux\b/],
]

const UNKNOWN = 'Unknown device'
/** What a program that is no browser calls itself (RFC 9110 §10.1.5). */
const PRODUCT = /^[A-Za-z][A-Za-z0-9._-]{0,31}(?=\/|$)/

const find = (names: Named[], userAgent: string) => names.find(([, pattern]) => pattern.test(userAgent))?.[0]

/** A short label for a list of one's devices, such as `Chrome on Windows`; neither versions nor anything else that tells people apart. */
export function deviceLabel(userAgent: string): string {
  const parts = [find(BROWSERS, userAgent), find(SYSTEMS, userAgent)].filter((part) => part !== undefined)
  if (parts.length > 0) return parts.join(' on ')
  return PRODUCT.exec(userAgent)?.[0] ?? UNKNOWN
}
