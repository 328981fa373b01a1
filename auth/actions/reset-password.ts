import type { Middleware } from 'koa'
import { HttpError } from '../../lib/errors.ts'
import { passwordResetToken } from '../../lib/password-reset-token.ts'
import { validator } from '../../lib/schema.ts'
import { clientOf } from '../client.ts'
import { isEqual } from '../cookies.ts'
import type { Dependencies } from '../dependencies.ts'
import { passwordSubject } from '../lock-out.ts'
import { forgetAttempts } from '../queries/attempts.ts'
import { deletePasswordReset, findByPasswordReset, lockActive } from '../queries/password-resets.ts'
import { passwordField, refuseWeak, replacePassword } from '../replace-password.ts'

const validate = validator<{ token: string; password: string }>({
  type: 'object',
  properties: { token: { type: 'string', minLength: 1, maxLength: 256 }, password: passwordField },
  required: ['token', 'password'],
  additionalProperties: false,
})

type Parts = Pick<Dependencies, 'db' | 'passwords' | 'policy' | 'passwordResetKey' | 'revocations'>

/** `POST /api/v1/auth/password/reset`: a new password for whoever reads the account's mail. It unlocks the account and ends its sessions; the second factor stays. */
export function resetPassword({ db, passwords, policy, passwordResetKey, revocations }: Parts): Middleware {
  return async function resetsPassword(ctx) {
    const { token, password } = validate(ctx.request.body)
    const resetID = resetIDIn(token)
    const account = resetID && (await findByPasswordReset(db, resetID))
    if (!account) throw invalidToken()
    refuseWeak(policy, 'password', password, account.email)
    const passwordHash = await passwords.hash(password)
    await db.transaction(async (trx) => {
      // The account first, as whoever else changes its password locks it first.
      const same = (await lockActive(trx, account.email))?.id === account.id
      if (!same || !(await deletePasswordReset(trx, resetID))) throw invalidToken()
      await replacePassword(trx, { account, passwordHash, event: 'password.reset', client: clientOf(ctx) })
      await forgetAttempts(trx, [passwordSubject(account.email)])
    })
    await revocations.tell()
    ctx.body = { status: 'success', message: 'Password set, sign in with it' }
  }

  function resetIDIn(token: string): string | undefined {
    const [id = ''] = token.split('.')
    return isEqual(token, passwordResetToken(id, passwordResetKey)) ? id : undefined
  }
}

const invalidToken = () =>
  new HttpError(400, 'INVALID_TOKEN', 'This link is not valid, was used or has expired', {
    errors: [{ field: 'token', message: 'is not valid, was used or has expired' }],
  })
