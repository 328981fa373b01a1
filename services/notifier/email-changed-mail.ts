import type { Event } from '../../lib/bus/event.ts'
import type { EmailChanged } from '../users/events.ts'
import type { Mail } from './mailer.ts'
import { readTemplate } from './template.ts'

const template = readTemplate('email-changed')
const SUBJECT = 'ที่อยู่อีเมลของคุณถูกเปลี่ยนแล้ว · Your e-mail address was changed – Jade Palace'

/** Writes the mail to an address that opens no account any more. It does not say which one does: this may be a stranger's by now. */
export const writeEmailChangedMail = ({ id, data: { formerEmail } }: Event<EmailChanged>): Mail => ({
  id,
  to: formerEmail,
  subject: SUBJECT,
  ...template({}),
})
