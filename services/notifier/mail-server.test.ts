import { expect } from 'chai'
import { until } from '../../dev/stack/until.ts'
import { type Notifier, newcomer, runNotifier } from '../../test/support/notifier.ts'
import { type Say, startSmtp } from '../../test/support/smtp.ts'
import { userCreated } from '../users/events.ts'

describe('a mail server in trouble', () => {
  let notifier: Notifier
  let smtp: Awaited<ReturnType<typeof startSmtp>>

  before(async function () {
    this.timeout(60_000)
    smtp = await startSmtp()
    notifier = await runNotifier({ SMTP_URL: smtp.url })
  })
  after(async () => {
    await notifier?.stop()
    await smtp?.stop()
  })

  async function register(count: number) {
    const people = Array.from({ length: count }, () => newcomer())
    await notifier.bus.publish(...people.map((person) => userCreated.of(person)))
    return people
  }

  const timesDelivered = (address: string) => smtp.delivered.filter((each) => each === address).length

  const delivered = (people: { email: string }[], within = 10_000) =>
    until(() => people.every(({ email }) => timesDelivered(email) === 1), { within, what: 'all have one mail' })

  const troubles: Record<string, Say> = {
    'turns connections away': (command) => (command === 'CONNECT' ? '554 no service here' : undefined),
    'is shutting down': () => '421 closing',
    'refuses the sender': (command) => (command.startsWith('MAIL FROM') ? '550 who are you' : undefined),
  }
  for (const [trouble, say] of Object.entries(troubles)) {
    it(`that ${trouble}: all mail waits, then each goes out once`, async () => {
      let asked = 0
      smtp.say = (command) => {
        asked++
        return say(command)
      }
      const people = await register(20)
      await until(() => asked > 10, { within: 10_000, what: 'the server is asked again' })
      expect(people.map(({ email }) => timesDelivered(email))).to.not.include(1)
      smtp.say = () => undefined
      await delivered(people)
      for (const { userID } of people) await notifier.stated('user.confirmation.sent', userID)
    })
  }

  it('that refuses one address: the others have their mail, this one is kept with the reason', async () => {
    const bad = newcomer()
    smtp.say = (command) => (command.includes(bad.email) ? '550 no such user' : undefined)
    const before = Array.from({ length: 5 }, () => newcomer())
    const behind = Array.from({ length: 5 }, () => newcomer())
    await notifier.bus.publish(...[...before, bad, ...behind].map((person) => userCreated.of(person)))
    await delivered([...before, ...behind])
    const [parked] = await notifier.stated('user.created.retry', bad.userID)
    expect(String(parked?.headers?.['x-error'])).to.equal('MailRefused: the mail server answered 550 to RCPT TO')
    expect(timesDelivered(bad.email)).to.equal(0)
  })

  it('that puts an address off: its mail goes out later, by way of the retry topic', async () => {
    smtp.say = (command) => (command.startsWith('RCPT') ? '451 come back later' : undefined)
    const people = await register(3)
    for (const { userID } of people) await notifier.stated('user.created.retry', userID)
    smtp.say = () => undefined
    await delivered(people, 15_000)
  })

  it('and Postgres gone when the mail is out: it is not sent again, and the event is stated when Postgres is back', async () => {
    const { postgres } = notifier.servers
    smtp.say = async (command) => {
      if (command === 'MESSAGE') await postgres.stop()
      return undefined
    }
    const [person] = await register(1)
    const email = person?.email ?? ''
    await until(() => timesDelivered(email) === 1, { within: 10_000, what: 'the mail is out' })
    smtp.say = () => undefined
    await postgres.start()
    await notifier.stated('user.confirmation.sent', person?.userID ?? '')
    expect(timesDelivered(email)).to.equal(1)
  })
})
