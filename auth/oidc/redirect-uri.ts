const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]'])

/** On the person's own machine, where nobody listens in (RFC 8252 §8.3). */
export function isLoopback(uri: string): boolean {
  const url = URL.parse(uri)
  return url?.protocol === 'http:' && LOOPBACK.has(url.hostname)
}

/** Exact addresses over TLS or on the person's own machine, without a fragment (RFC 6749 §3.1.2) or a name to mislead with. */
export function isRedirectUri(uri: string): boolean {
  const url = URL.parse(uri)
  if (!url || uri.includes('*') || uri.includes('#') || url.username || url.password) return false
  return url.protocol === 'https:' || isLoopback(uri)
}
