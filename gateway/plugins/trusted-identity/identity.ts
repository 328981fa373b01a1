/** Who calls, as a verified token says it. */
export interface Identity {
  userId: string
  email: string | undefined
  roles: readonly string[]
  amr: readonly string[]
  sessionId: string | undefined
  /** When the user was last authenticated, in seconds since the epoch (OpenID Connect Core §2). */
  authTime: number | undefined
}

const CONTROL = /[\x00-\x1f\x7f]/

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '' && !CONTROL.test(value)
const isOptionalText = (value: unknown): value is string | undefined => value === undefined || isText(value)
const isOptionalNumber = (value: unknown): value is number | undefined =>
  value === undefined || typeof value === 'number'

/** A list travels joined by commas: one inside an item would make two of it. */
const isList = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((item) => isText(item) && !item.includes(','))

/** Undefined when a claim is not what it should be: such a token identifies nobody. */
export function identityOf(claims: Record<string, unknown>): Identity | undefined {
  const { sub, email, roles = [], amr = [], sid, auth_time: authTime } = claims
  if (!isText(sub) || !isOptionalText(email) || !isList(roles) || !isList(amr)) return undefined
  if (!isOptionalText(sid) || !isOptionalNumber(authTime)) return undefined
  return { userId: sub, email, roles, amr, sessionId: sid, authTime }
}
