import { expect } from 'chai'
import { createMint } from '../proxy/test-certificates.ts'
import { type AdminRehearsal, rehearseAdmin } from './rehearsal.ts'

describe('certificates, changed through the Admin API', () => {
  const { mint, remove } = createMint()
  const pair = ({ cert, key } = mint('a.test')) => ({ cert, key })
  let admin: AdminRehearsal

  beforeEach(async () => {
    admin = await rehearseAdmin({})
  })
  afterEach(() => admin.close())
  after(remove)

  const call: AdminRehearsal['call'] = (...request) => admin.call(...request)
  const names = async () => (await call('GET', '/snis')).body.data.map(({ name }: { name: string }) => name).sort()

  it('have the SNIs that they are written with, and no others', async () => {
    const { status, body } = await call('POST', '/certificates', { ...pair(), snis: ['b.test', 'a.test'] })
    expect(status).to.equal(201)
    expect(body.snis).to.deep.equal(['a.test', 'b.test'])
    const changed = await call('PATCH', `/certificates/${body.id}`, { snis: ['b.test', 'c.test'] })
    expect(changed.body.snis).to.deep.equal(['b.test', 'c.test'])
    expect((await call('PUT', `/certificates/${body.id}`, pair())).body.snis).to.deep.equal(['b.test', 'c.test'])
    expect(await names()).to.deep.equal(['b.test', 'c.test'])
  })

  it('do not take an SNI from another, nor one twice', async () => {
    const { id } = (await call('POST', '/certificates', { ...pair(), snis: ['a.test'] })).body
    const taken = await call('POST', '/certificates', { ...pair(), snis: ['a.test'] })
    expect(taken.body.fields).to.deep.equal({ snis: `a.test already associated with existing certificate '${id}'` })
    const twice = await call('POST', '/certificates', { ...pair(), snis: ['b.test', 'b.test'] })
    expect(twice.body.fields).to.deep.equal({ snis: 'b.test is duplicated' })
    expect((await call('GET', '/certificates')).body.data).to.have.length(1)
  })

  it('take their SNIs along, and stay while a service needs them', async () => {
    const { id } = (await call('POST', '/certificates', { ...pair(), snis: ['a.test'] })).body
    const service = { name: 's', url: 'https://a.test', client_certificate: { id } }
    expect((await call('POST', '/services', service)).status).to.equal(201)
    expect((await call('DELETE', `/certificates/${id}`)).body.message).to.equal(
      "an existing 'services' entity references this 'certificates' entity",
    )
    expect(await names()).to.deep.equal(['a.test'])
    expect((await call('DELETE', '/services/s')).status).to.equal(204)
    expect((await call('DELETE', `/certificates/${id}`)).status).to.equal(204)
    expect(await names()).to.deep.equal([])
  })

  it('of authorities have a digest, are there once, and stay while a service trusts them', async () => {
    const { cert } = mint('authority.test', { authority: true })
    const { status, body } = await call('POST', '/ca_certificates', { cert })
    expect(status).to.equal(201)
    expect(body.cert_digest).to.match(/^[0-9a-f]{64}$/)
    expect((await call('POST', '/ca_certificates', { cert })).status).to.equal(409)
    await call('POST', '/services', { name: 's', url: 'https://a.test', ca_certificates: [body.id] })
    expect((await call('DELETE', `/ca_certificates/${body.id}`)).body).to.include({ code: 19 })
    await call('DELETE', '/services/s')
    expect((await call('DELETE', `/ca_certificates/${body.id}`)).status).to.equal(204)
  })
})
