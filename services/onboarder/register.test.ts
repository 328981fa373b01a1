import { expect } from 'chai'
import type { KafkaMessage } from 'kafkajs'
import { until } from '../../dev/stack/until.ts'
import { unseal } from '../../lib/seal.ts'
import { newThaiID, type Onboarder, type RegisterBody, runOnboarder, somebody } from '../../test/support/onboarder.ts'
import type { RegistrationRequest } from './events.ts'

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

describe('registration', () => {
  let onboarder: Onboarder
  let requests: KafkaMessage[]

  before(async function () {
    this.timeout(60_000)
    onboarder = await runOnboarder()
    requests = await onboarder.bus.read('user.registration.request')
  })
  after(() => onboarder?.stop())

  async function requestOf(userID: string): Promise<RegistrationRequest> {
    const find = () => requests.find(({ key }) => key?.toString() === userID)
    await until(find, { within: 5_000, what: 'the request is on Kafka' })
    return JSON.parse(String(find()?.value))
  }

  async function register(body: unknown): Promise<string> {
    const answer = await onboarder.register(body)
    expect(answer.status, JSON.stringify(answer.body)).to.equal(201)
    return answer.body.data.userID
  }

  const fieldsOf = (body: RegisterBody) => body.errors.map(({ field }) => field)

  describe('an accepted one', () => {
    it('answers 201 with a userID, and Kafka has the request then', async () => {
      const { status, body } = await onboarder.register(somebody())
      expect(status).to.equal(201)
      expect(body).to.deep.equal({
        status: 'success',
        message: 'Registration successful',
        data: { userID: body.data.userID },
      })
      expect(body.data.userID).to.match(UUID)
      expect(await requestOf(body.data.userID)).to.include({ userID: body.data.userID })
    })

    it('states the contact details in their one form: trimmed, NFC, lower case, E.164', async () => {
      const { email } = somebody()
      const userID = await register({
        name: '  Ame\u0301lie ',
        email: ` ${email.toUpperCase()} `,
        phoneNumber: '081-234-5678',
      })
      expect(await requestOf(userID)).to.deep.equal({ userID, name: 'Am\u00e9lie', email, phoneNumber: '+66812345678' })
    })

    it('seals the Thai ID for this user before it leaves the service', async () => {
      const thaiID = newThaiID()
      const userID = await register(somebody({ thaiID }))
      const { thaiID: sealed } = await requestOf(userID)
      expect(sealed).not.to.include(thaiID)
      expect(unseal(String(sealed), onboarder.thaiIDKey, userID)).to.equal(thaiID)
    })

    it('takes a Thai ID of null for none', async () => {
      const userID = await register(somebody({ thaiID: null }))
      expect(await requestOf(userID)).not.to.have.property('thaiID')
    })

    it('leaves no personal data in Redis, neither in keys nor in values', async () => {
      const person = somebody({ thaiID: newThaiID() })
      await register(person)
      const keys = await onboarder.redis.keys('*')
      const values = await Promise.all(keys.map((key) => onboarder.redis.dump(key)))
      const all = [...keys, ...values].join('\n')
      for (const value of [...Object.values(person), person.phoneNumber.slice(1)]) expect(all).not.to.include(value)
    })

    for (const name of ['ญา', '👩‍👩‍👧 🐉', 'محمد علي', '𠮷野', 'x'.repeat(200), '🐉'.repeat(200)]) {
      it(`accepts the name ${name.slice(0, 20)}`, async () => {
        expect(await requestOf(await register(somebody({ name })))).to.include({ name })
      })
    }
  })

  describe('a refused one', () => {
    const bad: [field: string, why: string, value: unknown][] = [
      ['name', 'missing', undefined],
      ['name', 'no text', 7],
      ['name', 'one character', 'x'],
      ['name', 'one character and spaces', '  x  '],
      ['name', '201 characters', 'x'.repeat(201)],
      ['name', 'a line break', 'a\nb'],
      ['name', 'an escape', 'a\u001bb'],
      ['name', 'half of a surrogate pair', 'ab\ud800'],
      ['name', 'a turn of direction', 'a\u202eb'],
      ['email', 'missing', undefined],
      ['email', 'no text', ['a@example.com']],
      ['email', 'no address', 'a.example.com'],
      ['email', 'two addresses', 'a@example.com,b@example.com'],
      ['email', 'a line break', 'a@example.com\r\nbcc: b@example.com'],
      ['email', '255 characters', `${'a'.repeat(243)}@example.com`],
      ['phoneNumber', 'missing', undefined],
      ['phoneNumber', 'no text', 812345678],
      ['phoneNumber', 'too short', '12345'],
      ['phoneNumber', 'no such country', '+999123456789'],
      ['phoneNumber', 'an extension', '02 123 4567 ext 5'],
      ['phoneNumber', 'other text around it', 'call 0812345678'],
      ['thaiID', 'no text', 1101700230708],
      ['thaiID', '12 digits', newThaiID().slice(1)],
      ['thaiID', 'a wrong check digit', newThaiID().replace(/\d$/, (digit) => String((Number(digit) + 1) % 10))],
      ['thaiID', 'dashes', '1-1017-00230-70-8'],
    ]
    for (const [field, why, value] of bad) {
      it(`has a bad ${field}: ${why}`, async () => {
        const { status, body } = await onboarder.register(somebody({ [field]: value }))
        expect([status, body.message, body.code]).to.deep.equal([400, 'Invalid input data', 'INVALID_INPUT'])
        expect(new Set(fieldsOf(body))).to.deep.equal(new Set([field]))
      })
    }

    it('names every bad field at once: by type, by form, missing and unknown', async () => {
      const body = { name: 7, email: 'x', thaiID: '123', role: 'admin', constructor: 1 }
      const answer = await onboarder.register(body)
      expect(answer.status).to.equal(400)
      expect(fieldsOf(answer.body)).to.have.members(['name', 'email', 'phoneNumber', 'thaiID', 'role', 'constructor'])
    })

    for (const body of [null, [], 'x', 7, {}]) {
      it(`is no registration: ${JSON.stringify(body)}`, async () => {
        expect((await onboarder.register(body)).status).to.equal(400)
      })
    }

    it('reserves nothing', async () => {
      const person = somebody()
      expect((await onboarder.register({ ...person, thaiID: 'x' })).status).to.equal(400)
      await register(person)
    })
  })
})
