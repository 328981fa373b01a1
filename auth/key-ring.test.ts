import { randomBytes } from 'node:crypto'
import { expect } from 'chai'
import { createKeyRing } from './key-ring.ts'

describe('a ring of keys', () => {
  const [first, second] = [randomBytes(32), randomBytes(32)]
  const before = createKeyRing({ current: first, old: [] })
  const during = createKeyRing({ current: second, old: [first] })
  const after = createKeyRing({ current: second, old: [] })

  it('opens what an old key has sealed, and seals under the current one', () => {
    const sealed = before.seal('secret', 'a')
    expect(during.oldIDs).to.deep.equal([sealed.key_id])
    expect(during.open(sealed, 'a')).to.equal('secret')
    const again = during.seal('secret', 'a')
    expect(again.key_id).not.to.equal(sealed.key_id)
    expect(after.open(again, 'a')).to.equal('secret')
  })

  it('names the key that is missing', () => {
    const sealed = before.seal('secret', 'a')
    expect(() => after.open(sealed, 'a')).to.throw(sealed.key_id)
  })

  it('opens nothing that was sealed for somebody else', () => {
    expect(() => before.open(before.seal('secret', 'a'), 'b')).to.throw()
  })

  it('has no old key that is the current one', () => {
    expect(createKeyRing({ current: first, old: [first] }).oldIDs).to.deep.equal([])
  })
})
