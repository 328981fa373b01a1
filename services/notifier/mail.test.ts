import { expect } from 'chai'
import { until } from '../../dev/stack/until.ts'
import { stamp } from '../../lib/bus/event.ts'
import { hashEmail, verifyConfirmationToken } from '../../lib/confirmation-token.ts'
import { withTrace } from '../../lib/trace.ts'
import { type Notifier, newcomer, runNotifier } from '../../test/support/notifier.ts'
import { confirmationRenewed, userCreated } from '../users/events.ts'

describe('the confirmation mail', () => {
  let notifier: Notifier

  before(async function () {
    this.timeout(60_000)
    notifier = await runNotifier()
  })
  after(() => notifier?.stop())

  async function mailTo(person: ReturnType<typeof newcomer>) {
    await notifier.bus.publish(userCreated.of(person))
    return await notifier.mailTo(person.email)
  }

  const linkIn = (text: string) => /https:\S+/.exec(text)?.[0] ?? ''

  it('brings a link that confirms this member, as HTML and as text', async () => {
    const person = newcomer()
    const { html, text, headers } = await mailTo(person)
    const link = new URL(linkIn(text))
    expect(link.origin + link.pathname).to.equal('https://jade-palace.example/register/confirm')
    expect(html).to.include(`href="${link.href}"`)
    const token = link.searchParams.get('token') ?? ''
    expect(await verifyConfirmationToken(token, notifier.confirmationKey)).to.deep.equal({
      userID: person.userID,
      emailHash: hashEmail(person.email, notifier.confirmationKey),
    })
    expect(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()).not.to.include(person.email)
    expect(headers['auto-submitted']).to.equal('auto-generated')
  })

  it('comes again with a link of its own where that is asked for, once for an event that comes twice', async () => {
    const { phoneNumber: _, ...person } = newcomer()
    const event = stamp(confirmationRenewed.of(person))
    await notifier.bus.deliver(event, event)
    const { text, subject } = await notifier.mailTo(person.email)
    expect(subject).to.match(/Confirm your registration/)
    const token = new URL(linkIn(text)).searchParams.get('token') ?? ''
    const { userID } = (await verifyConfirmationToken(token, notifier.confirmationKey)) ?? {}
    expect(userID).to.equal(person.userID)
    await notifier.stated('user.confirmation.sent', person.userID)
    await notifier.bus.caughtUp('notifier', 'user.confirmation.renewed')
    expect(await notifier.inbox(person.email)).to.have.length(1)
  })

  it('is followed by the event that says so', async () => {
    const person = newcomer()
    await mailTo(person)
    const [message] = await notifier.stated('user.confirmation.sent', person.userID)
    expect(JSON.parse(String(message?.value))).to.deep.equal({ userID: person.userID, email: person.email })
  })

  it('goes on in the trace of its cause', async () => {
    const person = newcomer()
    const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`
    const cause = withTrace({ traceparent, requestId: 'request-7' }, () => stamp(userCreated.of(person)))
    await notifier.bus.deliver(cause)
    const [message] = await notifier.stated('user.confirmation.sent', person.userID)
    expect(String(message?.headers?.['traceparent'])).to.equal(traceparent)
    expect(String(message?.headers?.['x-request-id'])).to.equal('request-7')
  })

  it('is sent once for an event that comes twice, also within one batch', async () => {
    const person = newcomer()
    const event = stamp(userCreated.of(person))
    await notifier.bus.deliver(event, event)
    await notifier.stated('user.confirmation.sent', person.userID)
    await notifier.bus.deliver(event)
    await notifier.bus.caughtUp('notifier', 'user.created')
    expect(await notifier.inbox(person.email)).to.have.length(1)
    const after = newcomer()
    await mailTo(after)
    await notifier.stated('user.confirmation.sent', after.userID)
    expect(await notifier.stated('user.confirmation.sent', person.userID)).to.have.length(1)
  })

  it('has the same Message-ID when it is sent again after a crash in between', async () => {
    const person = newcomer()
    const event = stamp(userCreated.of(person))
    await notifier.bus.deliver(event)
    const { messageId } = await notifier.mailTo(person.email)
    await notifier.stated('user.confirmation.sent', person.userID)
    await notifier.sql(
      'update notifier.deliveries set sent_at = null, claimed_until = now() where event_id = $1',
      event.id,
    )
    await notifier.bus.deliver(event)
    await until(async () => (await notifier.inbox(person.email)).length === 2, { within: 10_000, what: 'sent again' })
    const mails = await notifier.inbox(person.email)
    expect(mails.map((mail) => mail.messageId)).to.deep.equal([messageId, messageId])
    expect(messageId).to.equal(`${event.id}@jade-palace.example`)
  })

  it('is left to the node that has claimed it, until that one must have died', async () => {
    const person = newcomer()
    const event = stamp(userCreated.of(person))
    await notifier.sql(
      `insert into notifier.deliveries (event_id, claimed_until) values ($1, now() + interval '1 second')`,
      event.id,
    )
    const delivered = Date.now()
    await notifier.bus.deliver(event)
    await notifier.mailTo(person.email)
    expect(Date.now() - delivered).to.be.above(900)
    await notifier.stated('user.confirmation.sent', person.userID)
  })

  describe('shows any name as what it is:', () => {
    const names: Record<string, [name: string, html: string]> = {
      markup: [
        `<script>alert("1")</script><img src=x onerror='alert(1)'>&amp;`,
        '&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&lt;img src=x onerror=&#39;alert(1)&#39;&gt;&amp;amp;',
      ],
      'a template': ['{{link}} $& $1', '{{link}} $&amp; $1'],
      emoji: ['👩🏽‍🚀 ครอบครัว 𝕏', '👩🏽‍🚀 ครอบครัว 𝕏'],
      'right to left': ['محمد علي', 'محمد علي'],
    }
    for (const [kind, [name, escaped]] of Object.entries(names)) {
      it(kind, async () => {
        const { html, text } = await mailTo(newcomer({ name }))
        expect(html).to.include(`<bdi>${escaped}</bdi>`)
        expect(text).to.include(name)
      })
    }

    it('line breaks and header fields', async () => {
      const { headers, subject, envelope } = await mailTo(
        newcomer({ name: 'x\r\nBcc: spy@example.com\r\nSubject: other' }),
      )
      expect(headers).not.to.have.property('bcc')
      expect(subject).to.match(/Confirm your registration/)
      expect(envelope.to).to.have.length(1)
    })
  })

  it('goes to one address, whatever the address says', async () => {
    const person = newcomer({ email: 'a@example.com, spy@example.com\r\nBcc: spy@example.com' })
    await notifier.bus.publish(userCreated.of(person))
    await mailTo(newcomer())
    expect(await notifier.inbox('spy@example.com')).to.deep.equal([])
  })

  it('comes behind what is no event', async () => {
    await notifier.bus.sendRubbish('user.created', '{"userID": 7')
    await mailTo(newcomer())
  })
})
