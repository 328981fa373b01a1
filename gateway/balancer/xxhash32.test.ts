import { expect } from 'chai'
import { xxhash32 } from './xxhash32.ts'

describe('xxHash', () => {
  const vectors: [string, number][] = [
    ['', 0x02cc5d05],
    ['a', 0x550d7456],
    ['abc', 0x32d153ff],
    ['Nobody inspects the spammish repetition', 0xe2293b2f],
  ]
  for (const [text, hash] of vectors)
    it(`of '${text}' is the published one`, () => expect(xxhash32(text)).to.equal(hash))
})
