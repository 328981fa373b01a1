import type { Context } from 'koa'
import { HttpError, invalidInput } from '../../lib/errors.ts'
import type { ConfirmationRenewed, UserStatus, UserUpdated } from './events.ts'

/** A member's row, as queries.ts reads it: without the Thai ID, which no answer, list or log ever shows. */
export interface User {
  id: string
  name: string
  email: string
  phone_number: string
  status: UserStatus
  version: number
  confirmed_at: Date | null
  created_at: Date
  updated_at: Date
}

/** What a request may change. */
export interface Changes {
  name?: string
  email?: string
  phoneNumber?: string
  status?: UserStatus
}

export const STATUSES: readonly UserStatus[] = ['created', 'confirmation_sent', 'confirmed', 'disabled']

export const toView = (user: User) => {
  const { version: _, ...current } = toUpdated(user)
  return { ...current, confirmedAt: user.confirmed_at, createdAt: user.created_at, updatedAt: user.updated_at }
}

export const toUpdated = ({ id, name, email, phone_number, status, version }: User): UserUpdated => ({
  userID: id,
  name,
  email,
  phoneNumber: phone_number,
  status,
  version,
})

export const toRenewed = ({ id, name, email }: User): ConfirmationRenewed => ({ userID: id, name, email })

/** The part of the wished changes that would change anything. */
export function effective(user: User, wished: Changes): Changes {
  const current = toUpdated(user)
  const entries = Object.entries(wished) as [keyof Changes, string | undefined][]
  return Object.fromEntries(entries.filter(([field, value]) => value !== undefined && value !== current[field]))
}

export const awaitsConfirmation = ({ status }: User): boolean => status === 'created' || status === 'confirmation_sent'

/** Staff disables anybody, and enables again to what was before. To confirm is the member's own affair. */
export function refuseIllegalTransition(user: User, to: UserStatus | undefined): void {
  const enabled = user.confirmed_at ? 'confirmed' : 'created'
  const legal = user.status === 'disabled' ? enabled : 'disabled'
  if (to !== undefined && to !== legal) {
    throw new HttpError(409, 'ILLEGAL_TRANSITION', `The status cannot change from ${user.status} to ${to}`)
  }
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

export const isUserID = (text: string): boolean => UUID.test(text)

/** The id in a path. */
export function userIDIn(ctx: Context): string {
  const userID: string = ctx.params.userID
  if (!isUserID(userID)) throw invalidInput([{ field: 'userID', message: 'must be a UUID' }])
  return userID.toLowerCase()
}

export const userNotFound = () => new HttpError(404, 'USER_NOT_FOUND', 'User not found')
