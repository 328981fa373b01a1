import { expect } from 'chai'
import { isThaiID } from './thai-id.ts'

describe('a Thai ID', () => {
  it('ends with the one right check digit', () => {
    // 1·13 + 2·12 + 3·11 + 4·10 + 5·9 + 6·8 + 7·7 + 8·6 + 9·5 + 0·4 + 1·3 + 2·2 = 352; 352 mod 11 = 0; (11 − 0) mod 10 = 1
    const right = Array.from({ length: 10 }, (_, digit) => `123456789012${digit}`).filter(isThaiID)
    expect(right).to.deep.equal(['1234567890121'])
  })

  for (const text of ['', '123456789012', '12345678901211', '1234-56789-0121', ' 1234567890121', '๑234567890121']) {
    it(`is not ${JSON.stringify(text)}`, () => {
      expect(isThaiID(text)).to.equal(false)
    })
  }
})
