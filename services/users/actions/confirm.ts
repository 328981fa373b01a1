import type { Knex } from 'knex'
import type { Middleware } from 'koa'
import { outbox } from '../../../lib/bus/outbox.ts'
import { type Confirmation, hashEmail, verifyConfirmationToken } from '../../../lib/confirmation-token.ts'
import { HttpError } from '../../../lib/errors.ts'
import { validator } from '../../../lib/schema.ts'
import type { SetCredentials } from '../credentials.ts'
import { userConfirmed } from '../events.ts'
import { confirmUser, findUser, lockUser } from '../queries.ts'
import { awaitsConfirmation, type User } from '../user.ts'

interface Options {
  db: Knex
  confirmationKey: Buffer
  setCredentials: SetCredentials
}

interface Body {
  token: string
  password: string
}

/** What a password must be is for auth to say. */
const validate: (body: unknown) => Pick<Body, 'token'> & Partial<Body> = validator<Body>({
  type: 'object',
  properties: {
    token: { type: 'string', minLength: 1, maxLength: 2_048 },
    password: { type: 'string', minLength: 1, maxLength: 1_024 },
  },
  required: ['token'],
  additionalProperties: false,
})

/** A token works once because a member confirms once. Credentials come first: nobody is confirmed without the password they chose. */
export function confirm({ db, confirmationKey, setCredentials }: Options): Middleware {
  return async (ctx) => {
    const { token, password } = validate(ctx.request.body)
    const confirmation = await verifyConfirmationToken(token, confirmationKey)
    if (!confirmation) throw invalidToken()
    const { id: userID, email } = waiting(await findUser(db, confirmation.userID), confirmation)
    if (password !== undefined) await setCredentials({ userID, email, password })
    await db.transaction(async (trx) => {
      waiting(await lockUser(trx, userID), confirmation) // staff may have corrected the address in between
      await confirmUser(trx, userID)
      await outbox.add(trx, userConfirmed.of({ userID, email }))
    })
    const data = { userID, status: 'confirmed' }
    ctx.body = { status: 'success', message: 'Registration confirmed', data }
  }

  /** The member whom a token confirms. One that was mailed to a former address confirms nobody. */
  function waiting(user: User | undefined, { emailHash }: Confirmation): User {
    if (!user || emailHash !== hashEmail(user.email, confirmationKey)) throw invalidToken()
    if (!awaitsConfirmation(user)) throw user.status === 'disabled' ? disabled() : alreadyConfirmed()
    return user
  }
}

const invalidToken = () =>
  new HttpError(400, 'INVALID_TOKEN', 'This confirmation link is not valid or has expired', {
    errors: [{ field: 'token', message: 'is not valid or has expired' }],
  })

const disabled = () => new HttpError(409, 'DISABLED', 'This membership is disabled')

const alreadyConfirmed = () => new HttpError(409, 'ALREADY_CONFIRMED', 'This registration has been confirmed already')
