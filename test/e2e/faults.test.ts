import { expect } from 'chai'
import { Kafka, logLevel } from 'kafkajs'
import { mailTo } from '../../dev/demo/inbox.ts'
import { type Platform, platform } from '../support/platform.ts'
import { newPerson, registered, statusBecomes, statusOf } from './people.ts'

const CONSUMED = [
  'user.registration.request',
  'user.registration.rejected',
  'user.created',
  'user.confirmation.sent',
  'user.confirmation.requested',
  'user.confirmation.renewed',
  'user.confirmed',
  'user.updated',
  'user.deleted',
  'account.password.reset.requested',
  'account.security.noted',
]

describe('when something is down or somebody lies', function () {
  this.timeout(120_000)
  let jade: Platform

  before(async () => {
    jade = await platform()
  })

  const register = (body: unknown) => jade.send('POST', '/api/v1/register', { body })

  it('lets exactly one of 1,000 simultaneous registrations of one e-mail win', async () => {
    const email = newPerson().email
    const answers = await Promise.all(Array.from({ length: 1_000 }, () => register({ ...newPerson(), email })))
    const count = (status: number) => answers.filter((answer) => answer.status === status).length
    expect([count(201), count(409)]).to.deep.equal([1, 999])
    await jade.eventually(async () => (await jade.usersWith(email)) === 1, 15_000)
  })

  it('Kafka away: 503 with Retry-After, nothing reserved, and it works again within 10 s of the return', async () => {
    await jade.stack.kafka.stop()
    const person = newPerson()
    const refused = await register(person)
    expect(refused.status).to.equal(503)
    expect(Number(refused.headers['retry-after'])).to.be.greaterThan(0)
    await jade.stack.kafka.start()
    let answer = refused
    await jade.eventually(async () => {
      answer = await register(person)
      return answer.status !== 503
    }, 10_000)
    expect(answer.status, 'the e-mail is not taken by the failed try').to.equal(201)
    await statusBecomes(jade, String(answer.body?.data?.['userID']), 'confirmation_sent', 30_000)
  })

  it('Redis away: registration still works, and a duplicate ends as rejected', async () => {
    const first = await registered(jade)
    await statusBecomes(jade, first.userID, 'confirmation_sent')
    await jade.stack.redis.kill()
    const [fresh, twin] = [newPerson(), { ...newPerson(), email: first.email }]
    const [accepted, duplicate] = [await register(fresh), await register(twin)]
    expect([accepted.status, duplicate.status]).to.deep.equal([201, 201])
    await jade.eventually(async () => (await jade.usersWith(fresh.email)) === 1, 15_000)
    await jade.stack.redis.start()
    await statusBecomes(jade, String(duplicate.body?.data?.['userID']), 'rejected', 30_000)
    expect(await jade.usersWith(first.email)).to.equal(1)
  })

  it('Redis away: five wrong passwords still lock the account', async () => {
    const { email } = newPerson()
    await jade.createAdmin(email, 'the right password of this admin')
    await jade.stack.redis.kill()
    try {
      const login = (password: string) =>
        jade.send('POST', '/api/v1/auth/login', { body: { email, password }, from: '127.0.0.66' })
      for (let i = 0; i < 5; i++) expect((await login(`wrong password number ${i}`)).status).to.equal(401)
      expect((await login('the right password of this admin')).status).to.equal(429)
    } finally {
      await jade.stack.redis.start()
    }
  })

  it('Postgres away: /ready says so, accepted registrations wait, and none is lost', async () => {
    await jade.stack.postgres.stop()
    const accepted = await Promise.all(Array.from({ length: 20 }, () => registered(jade)))
    await jade.eventually(async () => {
      const ready = await jade.sendTo('users', 'GET', '/ready')
      return ready.status === 503 && /postgres/i.test(ready.text)
    }, 5_000)
    await jade.stack.postgres.start()
    for (const { userID } of accepted) await statusBecomes(jade, userID, 'confirmation_sent', 60_000)
    for (const { email } of accepted) expect(await jade.usersWith(email)).to.equal(1)
  })

  it('users killed while registrations pour in: each accepted one becomes exactly one row', async () => {
    const accepted: { email: string; userID: string }[] = []
    for (let round = 0; round < 2; round++) {
      const pouring = Promise.all(Array.from({ length: 150 }, () => registered(jade)))
      await jade.kill('users')
      accepted.push(...(await pouring))
      await jade.start('users')
    }
    for (const { userID } of accepted) await statusBecomes(jade, userID, 'confirmation_sent', 60_000)
    for (const { email } of accepted) expect(await jade.usersWith(email)).to.equal(1)
  })

  it('a poison message on every consumed topic goes to its dead letters and stops nobody', async () => {
    const kafka = new Kafka({ brokers: [jade.stack.kafka.url], logLevel: logLevel.NOTHING })
    const producer = kafka.producer()
    await producer.connect()
    const poison = [Buffer.from('{"userID":'), Buffer.from([0xff, 0xfe]), null, Buffer.from('{"userID":"not a uuid"}')]
    for (const topic of CONSUMED) {
      await producer.send({ topic, messages: poison.map((value) => ({ key: 'poison', value })) })
    }
    await producer.disconnect()
    const { userID } = await registered(jade)
    await statusBecomes(jade, userID, 'confirmation_sent', 30_000)
    await jade.eventually(async () => {
      const topics = new Set((await jade.deadLetters()).map(({ topic }) => topic.replace(/\.dlq$/, '')))
      return CONSUMED.every((topic) => topics.has(topic))
    }, 20_000)
  })

  it('a mail server that is away, then back: every mail is sent, once', async () => {
    await jade.stack.mail.stop()
    const people = await Promise.all(Array.from({ length: 5 }, () => registered(jade)))
    for (const { email } of people) await jade.eventually(async () => (await jade.usersWith(email)) === 1, 15_000)
    for (const { userID } of people) expect(await statusOf(jade, userID)).to.be.oneOf(['pending', 'created'])
    await jade.stack.mail.start()
    for (const { userID } of people) await statusBecomes(jade, userID, 'confirmation_sent', 60_000)
    for (const { email } of people) expect(await mailTo(email, jade.inbox)).to.include.keys('text', 'html')
    const mails = (await (await fetch(`${jade.inbox}/email`)).json()) as { to: { address: string }[] }[]
    for (const { email } of people) expect(mails.filter(({ to }) => to[0]?.address === email)).to.have.length(1)
  })
})
