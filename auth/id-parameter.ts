import { HttpError } from '../lib/errors.ts'
import { validator } from '../lib/schema.ts'

const uuid = { type: 'string', format: 'uuid' } as const

/** The `:id` of a path. */
export const validateID = validator<{ id: string }>({ type: 'object', properties: { id: uuid }, required: ['id'] })

const validateAccountID = validator<{ userID: string }>({
  type: 'object',
  properties: { userID: uuid },
  required: ['userID'],
})

/** The `:userID` of a path, as Postgres writes it. */
export const validateUserID = (params: unknown): { userID: string } => ({
  userID: validateAccountID(params).userID.toLowerCase(),
})

export const accountNotFound = () => new HttpError(404, 'ACCOUNT_NOT_FOUND', 'Account not found')
