import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import { passwordResetRequested, securityNoted } from '../../auth/events.ts'
import { passwordResetToken } from '../../lib/password-reset-token.ts'
import { type Notifier, newcomer, runNotifier } from '../../test/support/notifier.ts'
import { emailChanged } from '../users/events.ts'

describe('mails about an account', () => {
  let notifier: Notifier
  before(async function () {
    this.timeout(60_000)
    notifier = await runNotifier()
  })
  after(() => notifier?.stop())

  it('bring the link that resets the password, in both languages', async () => {
    const { userID, email } = newcomer()
    const resetID = randomUUID()
    await notifier.bus.publish(passwordResetRequested.of({ userID, email, resetID }))
    const { html, text, subject } = await notifier.mailTo(email)
    const link = new URL(/https:\S+/.exec(text)?.[0] ?? '')
    expect(link.origin + link.pathname).to.equal('https://jade-palace.example/password/reset')
    expect(link.searchParams.get('token')).to.equal(passwordResetToken(resetID, notifier.passwordResetKey))
    expect(html).to.include(`href="${link.href}"`)
    for (const form of [html, text, subject])
      expect(form)
        .to.match(/Set a new password/)
        .and.match(/ตั้งรหัสผ่านใหม่/)
  })

  it('tell the former address that it was changed, in both languages, without a link that would not help', async () => {
    const { userID, email: formerEmail } = newcomer()
    await notifier.bus.publish(emailChanged.of({ userID, formerEmail }))
    const { html, text, subject } = await notifier.mailTo(formerEmail)
    for (const form of [html, text, subject])
      expect(form)
        .to.match(/e-mail address (of your membership )?was changed/)
        .and.match(/ที่อยู่อีเมล/)
    expect(html + text).not.to.match(/https?:|\{\{/)
  })

  const notes = {
    password_changed: /password was changed/,
    second_factor_enabled: /second factor was set up/,
    second_factor_disabled: /second factor was disabled/,
    backup_codes_renewed: /backup codes were renewed/,
    sign_in_locked: /Sign-in is locked for now/,
    registered_again: /have an account already/,
  } as const
  for (const [noted, subject] of Object.entries(notes)) {
    it(`tell its owner of ${noted.replaceAll('_', ' ')}, without a secret`, async () => {
      const { userID, email } = newcomer()
      await notifier.bus.publish(securityNoted.of({ userID, email, noted: noted as keyof typeof notes }))
      const mail = await notifier.mailTo(email)
      expect(mail.subject).to.match(subject)
      expect(mail.text).to.include('https://jade-palace.example/password/forgot\n').and.not.include('{{')
    })
  }
})
