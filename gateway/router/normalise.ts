/**
 * A path as Kong matches it: RFC 3986 §6.2.2, but what is percent-encoded is decoded even outside ASCII, only reserved
 * characters stay (`%2F` is no slash). One character is one byte (latin1); `escapePath` encodes again what must not travel as it is.
 */

const reserved = new Set("!*'();:@&=+$,/?%#[]")
const encoded = /%([0-9a-f]{2})/gi
const unsafe = /[^!#$&'()*+,/:;=?@[\]A-Za-z\d\-_.~%]/g

export function normalisePath(path: string): string {
  const decoded = path.includes('%') ? path.replace(encoded, decode) : path
  return decoded.includes('.') || decoded.includes('//') ? withoutDots(decoded) : decoded
}

/** `path` is one character a byte. */
export function escapePath(path: string): string {
  return path.replace(unsafe, (byte) => '%' + byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0'))
}

/** Declared text as the byte string that normalised request paths are. */
export function toBytes(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1')
}

export function fromBytes(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString('utf8')
}

function decode(triplet: string, hex: string): string {
  const byte = String.fromCharCode(Number.parseInt(hex, 16))
  return reserved.has(byte) ? triplet.toUpperCase() : byte
}

function withoutDots(path: string): string {
  const kept: string[] = []
  const segments = path.split('/').slice(1)
  segments.forEach((segment, at) => {
    const last = at === segments.length - 1
    if (segment === '..') kept.pop()
    const plain = segment !== '' && segment !== '.' && segment !== '..'
    if (plain) kept.push(segment)
    else if (last) kept.push('')
  })
  return '/' + kept.join('/')
}
