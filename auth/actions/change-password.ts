import type { Middleware } from 'koa'
import { caller } from '../../lib/http/identity.ts'
import { validator } from '../../lib/schema.ts'
import { checkPassword, type PasswordParts, wrongPassword } from '../check-password.ts'
import { clientOf } from '../client.ts'
import type { Dependencies } from '../dependencies.ts'
import { clearDeviceCookie } from '../device-cookie.ts'
import { findByID, lockPassword } from '../queries/accounts.ts'
import { passwordField, refuseWeak, replacePassword } from '../replace-password.ts'

const validate = validator<{ currentPassword: string; newPassword: string }>({
  type: 'object',
  properties: { currentPassword: passwordField, newPassword: passwordField },
  required: ['currentPassword', 'newPassword'],
  additionalProperties: false,
})

type Parts = PasswordParts & Pick<Dependencies, 'policy' | 'revocations'>

/** `POST /api/v1/auth/password/change`: a new password for whoever knows the current one. The caller's session goes on, all others end. */
export function changePassword({ db, lockOut, passwords, log, policy, revocations }: Parts): Middleware {
  return async function changesPassword(ctx) {
    const { userID, sessionID } = caller(ctx)
    const { currentPassword, newPassword } = validate(ctx.request.body)
    const client = clientOf(ctx)
    const { email = '' } = (await findByID(db, userID)) ?? {}
    refuseWeak(policy, 'newPassword', newPassword, email)
    const attempt = { email, password: currentPassword, client, failure: 'password.change_failed' } as const
    const account = await checkPassword({ db, lockOut, passwords, log }, attempt)
    if (account?.id !== userID) throw wrongPassword()
    const passwordHash = await passwords.hash(newPassword)
    await db.transaction(async (trx) => {
      if (!(await lockPassword(trx, account))) throw wrongPassword()
      await replacePassword(trx, { account, passwordHash, event: 'password.changed', client, keep: sessionID })
    })
    await revocations.tell()
    clearDeviceCookie(ctx)
    ctx.body = { status: 'success', message: 'Password changed' }
  }
}
