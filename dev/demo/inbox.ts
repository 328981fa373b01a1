import { until } from '../stack/until.ts'

export interface Mail {
  subject: string
  text: string
  html: string
  to: { address: string }[]
}

/** Waits until a mail to this address, and with such a subject, lies in the local inbox (maildev's REST API) and gives it back. */
export async function mailTo(address: string, inbox: string, about = /./): Promise<Mail> {
  let found: Mail | undefined
  const arrived = async () => {
    const mails = (await (await fetch(`${inbox}/email`)).json()) as Mail[]
    const toAddress = mails.filter(({ to }) => to.some((recipient) => recipient.address === address))
    found = toAddress.find(({ subject }) => about.test(subject))
    return found !== undefined
  }
  await until(arrived, { within: 20_000, what: `a mail to ${address}` })
  return found as Mail
}

/** The token in the link of a mail. */
export function confirmationToken({ text }: Mail): string {
  const token = /[?&]token=([\w.-]+)/.exec(text)?.[1]
  if (!token) throw new Error('the mail has no link with a token')
  return token
}
