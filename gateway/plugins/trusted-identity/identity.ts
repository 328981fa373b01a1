/** Who calls, as a verified token says it. */
export interface Identity {
  userId: string
  email: string | undefined
  roles: readonly string[]
  amr: readonly string[]
  sessionId: string | undefined
}

const CONTROL = /[\x00-\x1f\x7f]/

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '' && !CONTROL.test(value)
const isOptionalText = (value: unknown): value is string | undefined => value === undefined || isText(value)

/** A list travels joined by commas: one inside an item would make two of it. */
const isList = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((item) => isText(item) && !item.includes(','))

/** Undefined when a claim is not what it should be: such a token identifies nobody. */
export function identityOf({ sub, email, roles = [], amr = [], sid }: Record<string, unknown>): Identity | undefined {
  if (!isText(sub) || !isOptionalText(email) || !isList(roles) || !isList(amr) || !isOptionalText(sid)) return undefined
  return { userId: sub, email, roles, amr, sessionId: sid }
}
