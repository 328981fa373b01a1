import { expect } from 'chai'
import { createMint } from '../proxy/test-certificates.ts'
import { type AdminRehearsal, rehearseAdmin } from './rehearsal.ts'

describe('a certificate by the name of an SNI', () => {
  const { mint, remove } = createMint()
  const pair = ({ cert, key } = mint('a.test')) => ({ cert, key })
  let admin: AdminRehearsal
  let id: string

  beforeEach(async () => {
    admin = await rehearseAdmin({})
    id = (await admin.call('POST', '/certificates', { ...pair(), snis: ['a.test', '*.b.test'] })).body.id
  })
  afterEach(() => admin.close())
  after(remove)

  it('is found, and what is below it', async () => {
    for (const name of ['a.test', '*.b.test'])
      expect((await admin.call('GET', `/certificates/${name}`)).body).to.include({ id })
    const { data } = (await admin.call('GET', '/certificates/a.test/snis')).body
    expect(data.map(({ name }: { name: string }) => name)).to.have.members(['a.test', '*.b.test'])
  })

  it('is changed and deleted', async () => {
    const changed = await admin.call('PATCH', '/certificates/a.test', { tags: ['x'] })
    expect(changed.body).to.deep.include({ id, tags: ['x'] })
    expect((await admin.call('DELETE', '/certificates/a.test')).status).to.equal(204)
    expect((await admin.call('GET', '/snis')).body.data).to.deep.equal([])
  })

  it('is made by PUT, and not found otherwise', async () => {
    expect(await admin.call('GET', '/certificates/new.test')).to.deep.equal({
      status: 404,
      body: { message: 'SNI not found' },
    })
    const made = await admin.call('PUT', '/certificates/new.test', { ...pair(), snis: ['new.test'] })
    expect(made.status).to.equal(200)
    expect((await admin.call('GET', '/certificates/new.test')).body.id).to.equal(made.body.id)
  })

  it('has the name that it is put under, where it is given names at all', async () => {
    const put = async (name: string, more: object) =>
      (await admin.call('PUT', `/certificates/${name}`, { ...pair(), ...more })).body.snis
    expect(await put('c.test', {})).to.deep.equal([])
    expect(await put('c.test', { snis: [] })).to.deep.equal(['c.test'])
    expect(await put('c.test', { snis: 'd.test' })).to.deep.equal(['c.test', 'd.test'])
    expect(await put('c.test', { snis: ['c.test', 'e.test'] })).to.deep.equal(['c.test', 'e.test'])
  })
})
