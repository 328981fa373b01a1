import { expect } from 'chai'
import { entitiesOf, onService, rehearse } from '../rehearsal.ts'

const consumers = [
  { username: 'ann', custom_id: '77', basicauth_credentials: [{ username: 'ann', password: 'p:w ü' }] },
  { username: 'bob', basicauth_credentials: [{ username: 'bob', password: 'p:w ü' }] },
  { username: 'guest' },
]
const withBasic = (config: object = {}) => rehearse(onService([{ name: 'basic-auth', config }], { consumers }))
const encoded = (text: string) => Buffer.from(text).toString('base64')
const basic = (text: string) => `Basic ${encoded(text)}`
const good = basic('ann:p:w ü')

describe('basic-auth', () => {
  it('tells the upstream who calls', async () => {
    const { upstream, exchange } = await withBasic().send({ headers: { authorization: good } })
    expect(upstream?.headers.get('x-consumer-username')).to.equal('ann')
    expect(upstream?.headers.get('x-consumer-custom-id')).to.equal('77')
    expect(upstream?.headers.get('x-credential-identifier')).to.equal('ann')
    expect(upstream?.headers.get('authorization')).to.equal(good)
    expect(exchange.credential).to.have.property('username', 'ann')
  })

  for (const [what, authorization] of [
    ['no header', undefined],
    ['another scheme', 'Bearer x'],
    ['a scheme in capitals', good.replace('Basic', 'BASIC')],
    ['what is not base64', 'Basic not-base64!'],
    ['base64 of impossible length', 'Basic YTpiY'],
    ['no colon', basic('ann')],
    ['no username', basic(':p')],
    ['an unknown username', basic('eve:p:w ü')],
    ['a wrong password', basic('ann:p:w u')],
    ['an empty password', basic('ann:')],
    ['the password as it is kept', basic(`ann:${entitiesOf({ consumers }).basicauth_credentials[0]?.password}`)],
  ] as const)
    it(`refuses ${what}`, async () => {
      const rehearsal = withBasic({ realm: 'back office' })
      const { status, headers, json } = await rehearsal.send({ headers: authorization ? { authorization } : {} })
      expect(status).to.equal(401)
      expect(headers.get('www-authenticate')).to.equal('Basic realm="back office"')
      expect(json).to.have.property('message', 'Unauthorized')
    })

  for (const authorization of [
    `basic ${encoded('ann:p:w ü')}`,
    `Basic${encoded('ann:p:w ü')}`,
    good.replace(/=+$/, ''),
    basic(':ann:p:w ü'),
    basic('ann:p:w ü\nmore'),
  ])
    it(`takes ${authorization}`, async () => {
      expect((await withBasic().send({ headers: { authorization } })).status).to.equal(200)
    })

  it('goes by Proxy-Authorization first, and by Authorization where that names nobody', async () => {
    const both = { 'proxy-authorization': good, authorization: basic('bob:p:w ü') }
    const { exchange } = await withBasic().send({ headers: both })
    expect(exchange.consumer?.username).to.equal('ann')
    for (const other of ['Basic x', basic('eve:x')]) {
      const second = await withBasic().send({ headers: { 'proxy-authorization': other, authorization: good } })
      expect(second.exchange.consumer?.username).to.equal('ann')
    }
    const wrong = { 'proxy-authorization': basic('ann:wrong'), authorization: good }
    expect((await withBasic().send({ headers: wrong })).status).to.equal(401)
  })

  it('hides nothing that holds no username and password', async () => {
    const rehearsal = withBasic({ hide_credentials: true, anonymous: 'bob' })
    const seen = async (authorization: string) =>
      (await rehearsal.send({ headers: { authorization } })).upstream?.headers.get('authorization')
    const unpaired = `Basic ${Buffer.from('bob').toString('base64')}`
    expect(await seen(unpaired)).to.equal(unpaired)
    expect(await seen('Basic !!')).to.equal(undefined)
  })

  it('hides what it has read from the upstream', async () => {
    const { upstream } = await withBasic({ hide_credentials: true }).send({ headers: { authorization: good } })
    expect(upstream?.headers.has('authorization')).to.equal(false)
  })

  it('lets everybody pass as the anonymous consumer', async () => {
    const { upstream } = await withBasic({ anonymous: 'guest' }).send({ headers: { authorization: basic('ann:x') } })
    expect(upstream?.headers.get('x-consumer-username')).to.equal('guest')
    expect(upstream?.headers.get('x-anonymous-consumer')).to.equal('true')
  })

  it('keeps no password as it was written, not even the same one alike for two consumers', () => {
    const [ann, bob] = entitiesOf({ consumers }).basicauth_credentials
    for (const credential of [ann, bob]) expect(credential?.password).to.match(/^[0-9a-f]{40}$/)
    expect(ann?.password).not.to.equal(bob?.password)
  })

  it('takes a password that is hashed already where the declaration says so', () => {
    const { basicauth_credentials } = entitiesOf({ consumers })
    const again = entitiesOf({
      consumers: [{ id: basicauth_credentials[0]?.consumer.id, username: 'ann' }],
      basicauth_credentials: [basicauth_credentials[0]],
      _transform: false,
    })
    expect(again.basicauth_credentials[0]?.password).to.equal(basicauth_credentials[0]?.password)
  })
})
