import { randomBytes } from 'node:crypto'
import { expect } from 'chai'
import { keyedHash, seal, unseal } from './seal.ts'

const key = randomBytes(32)

describe('seal', () => {
  it('gives back what was sealed, under the same key and context', () => {
    expect(unseal(seal('1101700230708 ไทย', key, 'user-1'), key, 'user-1')).to.equal('1101700230708 ไทย')
  })

  it('never gives the same text twice', () => {
    expect(seal('same', key, 'c')).not.to.equal(seal('same', key, 'c'))
  })

  it('refuses another key, another context and every changed byte', () => {
    const sealed = seal('secret', key, 'user-1')
    expect(() => unseal(sealed, randomBytes(32), 'user-1')).to.throw()
    expect(() => unseal(sealed, key, 'user-2')).to.throw()
    const bytes = Buffer.from(sealed, 'base64')
    for (let at = 0; at < bytes.length; at++) {
      const changed = Buffer.from(bytes)
      changed[at] = (changed[at] as number) ^ 1
      expect(() => unseal(changed.toString('base64'), key, 'user-1'), `byte ${at}`).to.throw()
    }
  })

  it('hashes equal values alike and only under the same key', () => {
    expect(keyedHash('a', key)).to.equal(keyedHash('a', key))
    expect(keyedHash('a', key)).not.to.equal(keyedHash('a', randomBytes(32)))
  })
})
