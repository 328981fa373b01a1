import { compilePcre } from '../pcre.ts'

/** An Origin header, or an entry of `origins`, taken apart; the scheme's own port is left out. */
interface Origin {
  /** Scheme, host and port. */
  whole: string
  host: string
}

/** Scheme, and what follows `//` up to the path, without the user's name. */
const URL_PARTS = /^(?:([a-z0-9][\w+.-]*):)?\/\/(?:[^/@]*@)?([^/]*)/i
/** The host (of an address in brackets what is in them) and its port. */
const AUTHORITY = /^(?:\[([^\]]+)\]|(.*?))(?::([^:\]]*))?$/
const DEFAULT_PORTS: Record<string, string> = { http: '80', https: '443' }

function parseOrigin(text: string): Origin {
  const [, scheme, authority = ''] = URL_PARTS.exec(text) ?? []
  const [, address, name, port] = AUTHORITY.exec(authority) ?? []
  const host = address ?? name
  if (!host) return { whole: text, host: text }
  const shownPort = port !== undefined && port !== DEFAULT_PORTS[scheme ?? ''] ? `:${port}` : ''
  return { whole: (scheme ? `${scheme}://` : '') + host + shownPort, host }
}

const PLAIN = /^[A-Za-z0-9.:/-]+$/

export const isPlain = (entry: string): boolean => PLAIN.test(entry)

/** Whether an entry allows an origin. One that is not plain is a regex, over the host alone when it has no colon. */
function matcher(entry: string): (origin: Origin) => boolean {
  if (isPlain(entry)) {
    const { whole } = parseOrigin(entry)
    return (origin) => origin.whole === whole
  }
  const pattern = compilePcre(`^(?:${entry.replace(/^\^/, '').replace(/\$?$/, '$')})`)
  const part = entry.includes(':') ? 'whole' : 'host'
  return (origin) => pattern.test(origin[part])
}

/** The origin as it is given back, when an entry allows it. */
export function createOriginCheck(entries: readonly string[]): (origin: string) => string | undefined {
  const matchers = entries.map(matcher)
  return (text) => {
    const origin = parseOrigin(text)
    return matchers.some((matches) => matches(origin)) ? origin.whole : undefined
  }
}
