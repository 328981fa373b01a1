import type { Event } from '../../lib/bus/event.ts'
import { signConfirmationToken } from '../../lib/confirmation-token.ts'
import type { ConfirmationRenewed } from '../users/events.ts'
import type { Mail } from './mailer.ts'
import { readTemplate } from './template.ts'

const template = readTemplate('confirmation')
const SUBJECT = 'ยืนยันการสมัครสมาชิก · Confirm your registration – Jade Palace'

/** Writes the mail that asks a new member to confirm: the first one, and any further one. */
export const createConfirmationMail =
  ({ publicUrl, key }: { publicUrl: string; key: Buffer }) =>
  async ({ id, data: { userID, name, email } }: Event<ConfirmationRenewed>): Promise<Mail> => {
    const link = new URL('/register/confirm', publicUrl)
    link.searchParams.set('token', await signConfirmationToken({ userID, email, id }, key))
    return { id, to: email, subject: SUBJECT, ...template({ name, link: link.href }) }
  }
