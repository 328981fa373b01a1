import { expect } from 'chai'
import type { FieldList } from './declarative/schema.ts'
import { createVault, UnresolvedReference } from './vault.ts'

const fields: FieldList = [
  { token: { type: 'string', referenceable: true } },
  { name: { type: 'string' } },
  {
    redis: {
      type: 'record',
      fields: [{ password: { type: 'string', referenceable: true } }, { host: { type: 'string' } }],
    },
  },
  { secrets: { type: 'array', elements: { type: 'string', referenceable: true } } },
  { headers: { type: 'map', keys: { type: 'string' }, values: { type: 'string', referenceable: true } } },
]
const env = { MY_TOKEN: 'secret', SHOP_TOKEN: 'of the shop', JSON_SECRET: '{"user":"u","port":1}', EMPTY: '' }
const shop = { id: '1', created_at: 0, name: 'env', prefix: 'shop', config: { prefix: 'shop_' } }
const vault = createVault({ env, vaults: [shop] })
const resolved = (record: object) => vault.resolve(fields, record)

describe('the vault', () => {
  it('puts environment variables in the place of references', () => {
    expect(resolved({ token: '{vault://env/my-token}' })).to.deep.equal({ token: 'secret' })
    expect(resolved({ token: '{vault://env/empty}' })).to.deep.equal({ token: '' })
  })

  it('takes one field of a JSON secret', () => {
    expect(resolved({ token: '{vault://env/json-secret/user}' })).to.deep.equal({ token: 'u' })
  })

  it('knows the vaults that are declared, and a prefix in the reference itself', () => {
    expect(resolved({ token: '{vault://shop/token}' })).to.deep.equal({ token: 'of the shop' })
    expect(resolved({ token: '{vault://env/token?prefix=shop_}' })).to.deep.equal({ token: 'of the shop' })
  })

  // Kong 3.9.1 takes a version, which its env vault has none of, and a slash at the end.
  it('takes a reference with a version or a slash behind it', () => {
    for (const more of ['/', '#1', '/#1', '?prefix=#1'])
      expect(resolved({ token: `{vault://env/my-token${more}}` })).to.deep.equal({ token: 'secret' })
  })

  it('looks into records, lists and maps', () => {
    const reference = '{vault://env/my-token}'
    const record = {
      redis: { password: reference, host: 'h' },
      secrets: ['plain', reference],
      headers: { a: reference },
    }
    expect(resolved(record)).to.deep.equal({
      redis: { password: 'secret', host: 'h' },
      secrets: ['plain', 'secret'],
      headers: { a: 'secret' },
    })
  })

  it('touches only what the schema marks as referenceable, and never the declared config', () => {
    const record = Object.freeze({ name: '{vault://env/my-token}', token: '{vault://env/my-token}', redis: null })
    expect(resolved(record)).to.deep.equal({ name: '{vault://env/my-token}', token: 'secret', redis: null })
    expect(record.token).to.equal('{vault://env/my-token}')
    const plain = { token: 'plain' }
    expect(resolved(plain)).to.equal(plain)
  })

  for (const [reference, reason] of [
    ['{vault://env/nothing}', /^token: .*the environment variable NOTHING is not set/],
    ['{vault://aws/token}', /there is no vault 'aws'/],
    ['{vault://env/my-token/key}', /the environment variable MY_TOKEN is not JSON/],
    ['{vault://env/json-secret/none}', /no text under 'none'/],
    ['{vault://env/json-secret/port}', /no text under 'port'/],
    ['{vault://env/json-secret/toString}', /no text under 'toString'/],
    ['{vault://env/}', /there is no vault ''/],
  ] as const)
    it(`refuses ${reference}, and says where it stands without saying what is in it`, () => {
      expect(() => resolved({ token: reference }))
        .to.throw(UnresolvedReference, reason)
        .and.property('message')
        .not.match(/secret$|"u"/)
    })
})
