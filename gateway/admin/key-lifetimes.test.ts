import { expect } from 'chai'
import type { Entity } from '../entities.ts'
import { insert, update } from './edit.ts'
import { withoutExpired, withTimeLeft } from './key-lifetimes.ts'
import { type AdminRehearsal, entitiesOf, rehearseAdmin } from './rehearsal.ts'

const ID = '00000000-0000-4000-8000-000000000001'
const NOW = 1_800_000_000
const COLLECTION = 'keyauth_credentials'

describe('a key that ends', () => {
  const consumers = [{ username: 'ann' }]
  const empty = entitiesOf({ consumers })
  const consumer = { id: empty.consumers[0]?.id }
  const made = (ttl: number) => insert(empty, COLLECTION, { key: 'k', consumer, ttl }, { now: NOW, id: ID })
  const left = (entity: Entity, now: number) => withTimeLeft(COLLECTION, entity, now)

  it('is shown with what is left of its time', () => {
    const { result } = made(60)
    expect(left(result, NOW)).to.include({ ttl: 60 })
    expect(left(result, NOW + 59)).to.include({ ttl: 1 })
  })

  it('begins a new time when it is given one, and else goes on', () => {
    const { entities, result } = made(60)
    const renewed = update(entities, COLLECTION, result, { ttl: 50 }, { now: NOW + 30, id: ID })
    expect(left(renewed.result, NOW + 30)).to.include({ ttl: 50 })
    const tagged = update(entities, COLLECTION, result, { tags: ['a'] }, { now: NOW + 30, id: ID })
    expect(left(tagged.result, NOW + 30)).to.include({ ttl: 30 })
  })

  it('is not there any more when its time is over', () => {
    const { entities } = made(60)
    expect(withoutExpired(entities, NOW + 59)).to.equal(entities)
    expect(withoutExpired(entities, NOW + 60)[COLLECTION]).to.deep.equal([])
  })

  it('has no end where its time is 0', () => {
    const { entities, result } = made(0)
    expect(left(result, NOW)).to.include({ ttl: null })
    expect(withoutExpired(entities, NOW * 2)).to.equal(entities)
  })

  describe('in the Admin API', () => {
    let admin: AdminRehearsal

    before(async () => {
      const keyauth_credentials = [{ key: 'old', ttl: 60, created_at: 1 }]
      admin = await rehearseAdmin({ consumers: [{ username: 'ann', keyauth_credentials }] })
    })
    after(() => admin.close())

    it('is neither found nor listed afterwards, and its key is free', async () => {
      expect((await admin.call('GET', '/consumers/ann/key-auth/old')).status).to.equal(404)
      expect((await admin.call('GET', '/key-auths')).body.data).to.deep.equal([])
      expect((await admin.call('POST', '/consumers/ann/key-auth', { key: 'old', ttl: 60 })).body.ttl).to.equal(60)
    })

    for (const ttl of [-1, 2.5, 100_000_001])
      it(`is refused with a ttl of ${ttl}`, async () => {
        const { status, body } = await admin.call('POST', '/consumers/ann/key-auth', { key: 'new', ttl })
        expect([status, body.code, Object.keys(body.options)]).to.deep.equal([400, 11, ['ttl']])
      })
  })
})
