import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import { newThaiID, type Onboarder, type RegisterBody, runOnboarder, somebody } from '../../test/support/onboarder.ts'

const PARTNER = { 'x-consumer-username': 'acme', 'x-consumer-id': randomUUID() }

describe('registering twice', () => {
  let onboarder: Onboarder

  before(async function () {
    this.timeout(60_000)
    onboarder = await runOnboarder()
  })
  after(() => onboarder?.stop())

  describe('what only one member may have', () => {
    const clash = (field: string) => ({
      ...somebody({ thaiID: newThaiID() }),
      [field]: taken[field as keyof typeof taken],
    })
    const taken = somebody({ thaiID: newThaiID() })

    before(async () => {
      expect((await onboarder.register(taken)).status).to.equal(201)
    })

    it('answers 409 whichever field clashes, with the same words', async () => {
      const answers = await Promise.all(
        ['email', 'phoneNumber', 'thaiID'].map((field) => onboarder.register(clash(field))),
      )
      for (const { status, body } of answers) {
        expect([status, body.message, body.code]).to.deep.equal([409, 'Already registered', 'ALREADY_REGISTERED'])
      }
    })

    it('finds the clash in any spelling', async () => {
      const spellings = [
        { email: ` ${taken.email.toUpperCase()}` },
        { phoneNumber: taken.phoneNumber.replace('+66', '0') },
        { phoneNumber: taken.phoneNumber.replace('+668', '+66 8-') },
      ]
      for (const spelling of spellings) expect((await onboarder.register(somebody(spelling))).status).to.equal(409)
    })

    it('reserves none of the other fields of the one it refuses', async () => {
      const refused = clash('email')
      expect((await onboarder.register(refused)).status).to.equal(409)
      expect((await onboarder.register({ ...refused, email: somebody().email })).status).to.equal(201)
    })
  })

  it('lets exactly one of 1,000 simultaneous registrations of an e-mail win', async function () {
    this.timeout(30_000)
    const { email } = somebody()
    const answers = await Promise.all(Array.from({ length: 1_000 }, () => onboarder.register(somebody({ email }))))
    const counts = Map.groupBy(answers, ({ status }) => status)
    expect([...counts].map(([status, { length }]) => [status, length])).to.have.deep.members([
      [201, 1],
      [409, 999],
    ])
  })

  describe('for a partner', () => {
    const join = (body: unknown, headers = {}) =>
      onboarder.call<RegisterBody>('/partner/v1/members', { body, headers: { ...PARTNER, ...headers } })

    it('is the same registration: same answers, same duplicates', async () => {
      const customer = somebody()
      const { status, body } = await join(customer)
      expect([status, body.message]).to.deep.equal([201, 'Registration successful'])
      expect(await onboarder.statusOf(body.data.userID)).to.equal('pending')
      expect((await onboarder.register(customer)).status).to.equal(409)
      expect((await join({ ...customer, name: 'x' })).body.errors.map(({ field }) => field)).to.deep.equal(['name'])
    })

    it('repeats the answer to a repeated Idempotency-Key, for this partner only', async () => {
      const customer = somebody()
      const key = { 'idempotency-key': randomUUID() }
      const first = await join(customer, key)
      expect((await join(customer, key)).body).to.deep.equal(first.body)
      expect((await join(customer, { ...key, 'x-consumer-id': randomUUID() })).status).to.equal(409)
    })
  })

  describe('with an Idempotency-Key', () => {
    const key = () => ({ 'idempotency-key': randomUUID() })

    it('gives the first answer again for the same body', async () => {
      const [person, headers] = [somebody(), key()]
      const first = await onboarder.register(person, headers)
      const second = await onboarder.register(person, headers)
      expect([first.status, second.status]).to.deep.equal([201, 201])
      expect(second.body).to.deep.equal(first.body)
      expect(second.headers.get('idempotent-replayed')).to.equal('true')
    })

    it('answers 422 to another body', async () => {
      const headers = key()
      await onboarder.register(somebody(), headers)
      expect((await onboarder.register(somebody(), headers)).status).to.equal(422)
    })

    it('registers once when requests arrive together', async () => {
      const [person, headers] = [somebody(), key()]
      const answers = await Promise.all(Array.from({ length: 10 }, () => onboarder.register(person, headers)))
      const created = answers.filter(({ status }) => status === 201).map(({ body }) => body.data.userID)
      const running = answers.filter(({ body }) => body.code === 'IN_PROGRESS')
      expect(new Set(created).size).to.equal(1)
      expect(created.length + running.length).to.equal(10)
    })

    it('does not keep a refusal', async () => {
      const [person, headers] = [somebody(), key()]
      expect((await onboarder.register({ ...person, name: 'x' }, headers)).status).to.equal(400)
      expect((await onboarder.register(person, headers)).status).to.equal(201)
    })
  })
})
