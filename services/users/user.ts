import type { Context } from 'koa'
import { HttpError, invalidInput } from '../../lib/errors.ts'
import type { UserStatus, UserUpdated } from './events.ts'

/** A member's row, as queries.ts reads it: without the Thai ID, which no answer, list or log ever shows. */
export interface User {
  id: string
  name: string
  email: string
  phone_number: string
  status: UserStatus
  version: number
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

export const toView = ({ created_at, updated_at, ...user }: User) => {
  const { userID, name, email, phoneNumber, status } = toUpdated(user)
  return { userID, name, email, phoneNumber, status, createdAt: created_at, updatedAt: updated_at }
}

type Current = Omit<User, 'created_at' | 'updated_at'>

export const toUpdated = ({ id, name, email, phone_number, status, version }: Current): UserUpdated => ({
  userID: id,
  name,
  email,
  phoneNumber: phone_number,
  status,
  version,
})

/** The part of the wished changes that would change anything. */
export function effective(user: User, wished: Changes): Changes {
  const current = toUpdated(user)
  const entries = Object.entries(wished) as [keyof Changes, string | undefined][]
  return Object.fromEntries(entries.filter(([field, value]) => value !== undefined && value !== current[field]))
}

export const awaitsConfirmation = ({ status }: User): boolean => status === 'created' || status === 'confirmation_sent'

/** Members confirm for themselves; staff may only disable who is confirmed, and enable again. */
export function refuseIllegalTransition(from: UserStatus, to: UserStatus | undefined): void {
  const legal = (from === 'confirmed' && to === 'disabled') || (from === 'disabled' && to === 'confirmed')
  if (to !== undefined && !legal) {
    throw new HttpError(409, 'ILLEGAL_TRANSITION', `The status cannot change from ${from} to ${to}`)
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
