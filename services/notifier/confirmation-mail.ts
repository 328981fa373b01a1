import { readFileSync } from 'node:fs'
import type { Event } from '../../lib/bus/event.ts'
import { signConfirmationToken } from '../../lib/confirmation-token.ts'
import type { UserCreated } from '../users/events.ts'
import type { Mail } from './mailer.ts'

const template = (file: string) => readFileSync(new URL(`templates/${file}`, import.meta.url), 'utf8')
const HTML = template('confirmation.html')
const TEXT = template('confirmation.txt')
const SUBJECT = 'ยืนยันการสมัครสมาชิก · Confirm your registration – Jade Palace'

/** Writes the mail that asks a new member to confirm. */
export const createConfirmationMail =
  ({ publicUrl, key }: { publicUrl: string; key: Buffer }) =>
  async ({ id, data: { userID, name, email } }: Event<UserCreated>): Promise<Mail> => {
    const link = new URL('/register/confirm', publicUrl)
    link.searchParams.set('token', await signConfirmationToken({ userID, email, id }, key))
    const values = { name, link: link.href }
    return { id, to: email, subject: SUBJECT, html: fill(HTML, values, escapeHtml), text: fill(TEXT, values, isolate) }
  }

const fill = (text: string, values: Record<string, string>, safe: (value: string) => string): string =>
  text.replace(/\{\{(\w+)\}\}/g, (_, field: string) => safe(values[field] ?? ''))

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '')

const RIGHT_TO_LEFT = /[\u0590-\u08ff\u200f\u202b\u202e\u2067\ufb1d-\ufdff\ufe70-\ufeff]/

/** Keeps a right-to-left name from turning the line around it (Unicode UAX #9, first strong isolate), as <bdi> does in HTML. */
const isolate = (text: string): string => (RIGHT_TO_LEFT.test(text) ? `\u2068${text}\u2069` : text)
