import { randomInt, randomUUID } from 'node:crypto'
import { expect } from 'chai'
import type { KafkaMessage } from 'kafkajs'
import { until } from '../../dev/stack/until.ts'
import { registrationRequested } from '../../services/onboarder/events.ts'
import { appPlace } from '../../test/support/app-place.ts'
import { type Auth, PASSWORD, runAuth, tally } from '../../test/support/auth.ts'
import { passwordSubject } from '../lock-out.ts'

const READY = { within: 20_000, what: 'auth to recover' }

describe('auth in trouble', function () {
  this.timeout(60_000)
  let auth: Auth
  afterEach(async () => {
    await auth.servers.postgres.start()
    await auth.servers.kafka.start()
    await auth.stop()
  })

  it('answers 503 while Postgres is away, says so, and goes on when it is back', async () => {
    auth = await runAuth()
    const { email } = await auth.member()
    await auth.servers.postgres.stop()
    const { status, headers } = await auth.logIn(email)
    expect(status).to.equal(503)
    expect(headers.get('retry-after')).to.match(/^\d+$/)
    const form = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: 'x', client_id: randomUUID() })
    const token = await appPlace(auth).fetch(`${auth.publicUrl}/oauth2/token`, { method: 'POST', body: form })
    expect([token.status, token.headers.has('retry-after')]).to.deep.equal([503, true])
    expect((await auth.call<{ message: string }>('/ready')).body.message).to.match(/postgres/)
    await auth.servers.postgres.start()
    await until(async () => (await auth.logIn(email)).status === 200, READY)
  })

  it('registers and signs in while Kafka is away; the event follows', async () => {
    auth = await runAuth()
    const { email } = await auth.member()
    await auth.servers.kafka.kill()
    expect((await auth.logIn(email)).status).to.equal(200)
    const person = {
      email: `${randomUUID()}@example.com`,
      password: PASSWORD,
      name: 'Malee',
      phoneNumber: `+668${randomInt(10_000_000, 99_999_999)}`,
    }
    expect((await auth.post('register', person)).status).to.equal(201)
    await auth.servers.kafka.start()
    const requests: KafkaMessage[] = await auth.bus.read(registrationRequested.type)
    const ours = () => requests.some(({ value }) => JSON.parse(String(value)).email === person.email)
    await until(ours, { within: 20_000, what: 'the event' })
  })

  it('refuses the logins of a flood that it cannot hash, without counting them as failures', async () => {
    auth = await runAuth({ env: { ARGON2_CONCURRENCY: '1', ARGON2_QUEUE: '2' } })
    const flood = await Promise.all(Array.from({ length: 30 }, (_, i) => auth.logIn(`nobody-${i}@example.com`)))
    const { 401: judged = 0, 503: refused = 0 } = tally(flood)
    expect(refused).to.be.greaterThan(0)
    expect(judged + refused).to.equal(30)
    const [counted] = await auth.query<{ failures: number }>(
      `select sum(cardinality(failed_at))::integer as failures from attempts where subject like 'account:%'`,
    )
    expect(counted?.failures).to.equal(judged)
  })

  it('counts a wrong password though Postgres has lost its attempt while it was judged', async () => {
    auth = await runAuth({ env: { ARGON2_PASSES: '200' } })
    const { email } = await auth.member()
    const subject = passwordSubject(email)
    const guess = auth.logIn(email, { password: 'wrong' })
    const lose = 'delete from attempts where subject = $1 and cardinality(judging) > 0 returning subject'
    const isLost = async () => (await auth.query(lose, [subject])).length > 0
    await until(isLost, { within: 10_000, what: 'an attempt to lose' })
    expect((await guess).status).to.equal(401)
    const counted = 'select cardinality(failed_at) as failures from attempts where subject = $1'
    expect(await auth.query(counted, [subject])).to.deep.equal([{ failures: 1 }])
  })
})
