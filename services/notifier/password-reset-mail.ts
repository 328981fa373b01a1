import type { PasswordResetRequested } from '../../auth/events.ts'
import type { Event } from '../../lib/bus/event.ts'
import { passwordResetToken } from '../../lib/password-reset-token.ts'
import type { Mail } from './mailer.ts'
import { readTemplate } from './template.ts'

const template = readTemplate('password-reset')
const SUBJECT = 'ตั้งรหัสผ่านใหม่ · Set a new password – Jade Palace'

/** Writes the mail with the link that resets a password. */
export const createPasswordResetMail =
  ({ publicUrl, key }: { publicUrl: string; key: Buffer }) =>
  ({ id, data: { email, resetID } }: Event<PasswordResetRequested>): Mail => {
    const link = new URL('/password/reset', publicUrl)
    link.searchParams.set('token', passwordResetToken(resetID, key))
    return { id, to: email, subject: SUBJECT, ...template({ link: link.href }) }
  }
