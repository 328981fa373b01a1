import { HttpError } from '../../lib/errors.ts'

const FIELDS: Record<string, string> = {
  users_email_key: 'email',
  users_phone_number_key: 'phoneNumber',
  users_thai_id_hash_key: 'thaiID',
}
const UNIQUE_VIOLATION = '23505'

/** The unique constraints are the last judge of who has what. */
export function refuseTaken(error: unknown): never {
  const { code, constraint } = error as { code?: string; constraint?: string }
  const field = code === UNIQUE_VIOLATION && constraint ? FIELDS[constraint] : undefined
  if (!field) throw error
  const errors = [{ field, message: 'is already registered' }]
  throw new HttpError(409, 'ALREADY_REGISTERED', 'Already registered', { errors })
}
