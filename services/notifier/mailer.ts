import { createTransport } from 'nodemailer'
import { Unavailable } from '../../lib/errors.ts'

export interface Mail {
  /** Becomes the Message-ID: a mail that goes out twice is seen to be one. */
  id: string
  /** One address; text that looks like several is still taken for one. */
  to: string
  subject: string
  html: string
  text: string
}

/** The server is there and does not take this mail. */
export class MailRefused extends Error {
  override name = 'MailRefused'
}

export interface Mailer {
  /** Rejects with MailRefused, or with Unavailable where the server takes no mail at all. */
  send(mail: Mail): Promise<void>
  close(): void
}

export const CONNECTIONS = 8
const SERVICE_SHUTTING_DOWN = 421

export function createMailer({ url, from, rateLimit }: { url: string; from: string; rateLimit: number }): Mailer {
  const domain = /@([^\s>]+)/.exec(from)?.[1] ?? 'localhost'
  const transport = createTransport({
    url,
    pool: true,
    maxConnections: CONNECTIONS,
    maxMessages: Number.POSITIVE_INFINITY,
    maxRequeues: 0,
    rateLimit,
    connectionTimeout: 5_000,
    greetingTimeout: 5_000,
    socketTimeout: 10_000,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return {
    async send({ id, to, ...content }) {
      const mail = { ...content, from, to: { name: '', address: to }, messageId: `<${id}@${domain}>` }
      try {
        await transport.sendMail({ ...mail, headers: { 'Auto-Submitted': 'auto-generated' } }) // RFC 3834 §5
      } catch (error) {
        throw explain(error)
      }
    },
    close: () => transport.close(),
  }
}

/** An answer to RCPT or DATA is about this mail; one to a connection, a login or the sender is about all mail. */
function explain(error: unknown): unknown {
  const { code, command, responseCode } = error as { code?: string; command?: string; responseCode?: number }
  if (code === undefined || command === 'API') return error
  const aboutThisMail = (command === 'RCPT TO' || command === 'DATA') && responseCode !== undefined
  if (aboutThisMail && responseCode !== SERVICE_SHUTTING_DOWN) {
    return new MailRefused(`the mail server answered ${responseCode} to ${command}`, { cause: error })
  }
  return new Unavailable('The mail server', error)
}
