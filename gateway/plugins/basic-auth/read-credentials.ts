import { fromBytes } from '../../router/normalise.ts'

export interface GivenCredentials {
  username: string
  password: Buffer
}

const SCHEME = /[Bb]asic\s*(.+)/

/** As nginx takes it: only the padding may be missing, and what follows it is ignored. */
const BASE64 = /^([A-Za-z0-9+/]*)(?:=|$)/

/** As Kong takes it apart: colons in front of the username are passed over, and a password ends with its line. */
const PAIR = /([^:]+):([^\n]*)/

/**
 * RFC 7617 §2: base64 of `username:password`; `unpaired`: of something else. Kong takes the scheme anywhere in the field, with or
 * without a space behind it.
 */
export function readCredentials(field: string): GivenCredentials | 'unpaired' | undefined {
  const encoded = BASE64.exec(SCHEME.exec(field)?.[1] ?? '')?.[1]
  if (!encoded || encoded.length % 4 === 1) return undefined
  const [, username, password] = PAIR.exec(Buffer.from(encoded, 'base64').toString('latin1')) ?? []
  if (username === undefined || password === undefined) return 'unpaired'
  return { username: fromBytes(username), password: Buffer.from(password, 'latin1') }
}
