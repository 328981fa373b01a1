import type { IncomingMessage } from 'node:http'
import { Refusal } from './reply.ts'

export const isLoopback = (host: string): boolean => /^(127\.[\d.]+|::1|localhost|.+\.localhost)$/.test(host)

/**
 * For an API that asks for no token. A page that the operator happens to open could send it a form, or have its own name resolved to
 * this address (DNS rebinding): so what a browser sends must name the address that it came to, and come from no other site.
 * Browsers tell of themselves by Accept-Language, which a page can change but not take away.
 */
export function requireOwnAddress(listenHost: string): (request: IncomingMessage) => void {
  return ({ headers, socket }) => {
    const { host, origin, 'sec-fetch-site': site } = headers
    const isBrowser = headers['accept-language'] !== undefined
    const isOwn = (url: string) => {
      const name = hostOf(url)
      return isLoopback(name) || name === listenHost || name === socket.localAddress?.replace('::ffff:', '')
    }
    if (isBrowser && !isOwn(`http://${host}`))
      throw new Refusal(403, { message: 'Without ADMIN_TOKEN browsers must call the Admin API by its own address' })
    if (site === 'cross-site' || (origin !== undefined && !isOwn(origin)))
      throw new Refusal(403, {
        message: 'Without ADMIN_TOKEN the Admin API takes no requests from the pages of other sites',
      })
  }
}

/** Without the brackets of an IPv6 address; empty where there is none. */
function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname.replace(/^\[(.*)\]$/, '$1') : ''
}
