export interface GivenCredentials {
  username: string
  password: Buffer
}

const SCHEME = /[Bb]asic\s*(.+)/

/** As nginx takes it: only the padding may be missing, and what follows it is ignored. */
const BASE64 = /^([A-Za-z0-9+/]*)(?:=|$)/

/** RFC 7617 §2: base64 of `username:password`. Kong takes the scheme anywhere in the field, with or without a space behind it. */
export function readCredentials(field: string): GivenCredentials | undefined {
  const encoded = BASE64.exec(SCHEME.exec(field)?.[1] ?? '')?.[1] ?? ''
  if (encoded.length % 4 === 1) return undefined
  const decoded = Buffer.from(encoded, 'base64')
  const colon = decoded.indexOf(':')
  if (colon < 1) return undefined
  return { username: decoded.toString('utf8', 0, colon), password: decoded.subarray(colon + 1) }
}
