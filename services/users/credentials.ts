import { type FieldError, HttpError } from '../../lib/errors.ts'
import { type AskAuth, signingInUnavailable } from './auth-request.ts'

export interface Credentials {
  userID: string
  email: string
  password: string
}

/** Has auth keep a password for a member who is about to confirm. To do it again changes nothing. */
export type SetCredentials = (credentials: Credentials) => Promise<void>

export const createSetCredentials =
  (askAuth: AskAuth): SetCredentials =>
  async (credentials) => {
    const { status, body } = await askAuth('PUT', '/internal/credentials', credentials)
    if (status === 200 || status === 204) return
    // What auth has against the password goes to the client as it is; any other answer is auth's trouble, not the client's.
    if (status !== 400 && status !== 409) throw signingInUnavailable(new Error(`auth answered ${status}`))
    const { code, message, errors } = JSON.parse(body) as Refusal
    throw new HttpError(status, code, message, { errors })
  }

/** The error form that all services share. */
interface Refusal {
  message: string
  code: string
  errors?: FieldError[]
}
