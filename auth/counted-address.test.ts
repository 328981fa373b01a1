import { expect } from 'chai'
import { countedAddress } from './counted-address.ts'

const COUNTED: Record<string, string> = {
  '203.0.113.7': '203.0.113.7',
  '::ffff:203.0.113.7': '203.0.113.7',
  '::FFFF:cb00:7107': '203.0.113.7',
  '2001:db8:1:2:3:4:5:6': '2001:db8:1:2::/64',
  '2001:0DB8:0001:0002::ffff': '2001:db8:1:2::/64',
  '2001:db8:1:3::': '2001:db8:1:3::/64',
  '2001:db8::1': '2001:db8:0:0::/64',
  '::1': '0:0:0:0::/64',
  '::': '0:0:0:0::/64',
  '1:2:3:4:5:6:7::': '1:2:3:4::/64',
  'fe80::1%eth0': 'fe80:0:0:0::/64',
  '64:ff9b::203.0.113.7': '64:ff9b:0:0::/64',
  unknown: 'unknown',
  '': '',
}

describe('what failures from an address count against', () => {
  for (const [address, counted] of Object.entries(COUNTED))
    it(`is ${counted || 'nothing'} for ${address || 'nothing'}`, () => {
      expect(countedAddress(address)).to.equal(counted)
    })
})
