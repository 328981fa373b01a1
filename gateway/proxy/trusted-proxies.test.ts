import { expect } from 'chai'
import { HeaderList } from '../http1/header-list.ts'
import { createTrustedProxies } from './trusted-proxies.ts'

const LIST = 'X-Forwarded-For'
const remote = { ip: '10.0.0.1', port: 40000 }

function clientOf(lines: [name: string, value: string][], header = LIST, recursive = false) {
  const fields = new HeaderList()
  for (const [name, value] of lines) fields.append(name, value)
  const addresses = ['10.0.0.0/8', '2001:db8::/32']
  return createTrustedProxies({ addresses, header: header.toLowerCase(), recursive }).clientOf(remote, fields)
}

describe('a trusted proxy', () => {
  const single: [value: string, ip: string, rule: string][] = [
    ['192.0.2.1', '192.0.2.1', 'an IPv4 address'],
    ['2001:DB9:0::1', '2001:db9::1', 'an IPv6 address, always written in one way'],
    ['::ffff:192.0.2.1', '192.0.2.1', 'an IPv4 address in an IPv6 one'],
    ['nobody', '10.0.0.1', 'itself where it names no address'],
    ['', '10.0.0.1', 'itself where it says nothing'],
    ['192.0.2.1:99999', '10.0.0.1', 'itself where it names an impossible port'],
    ['fe80::1%eth0', '10.0.0.1', 'itself where it names an address that means something on its own machine only'],
    ['0x7f000001', '10.0.0.1', 'itself where an address is written as no one writes it'],
    ['192.0.2.1, 192.0.2.2', '192.0.2.2', 'the last of a list'],
  ]
  for (const [value, ip, rule] of single)
    it(`asks for ${rule}`, () => {
      expect(clientOf([['X-Client', value]], 'X-Client').ip).to.equal(ip)
      expect(clientOf([[LIST, value]]).ip).to.equal(ip)
    })

  it('may tell the port as well', () => {
    expect(clientOf([[LIST, '192.0.2.1:80']])).to.deep.equal({ ip: '192.0.2.1', port: 80 })
    expect(clientOf([[LIST, '[2001:db9::1]:80']])).to.deep.equal({ ip: '2001:db9::1', port: 80 })
    expect(clientOf([[LIST, '192.0.2.1']]).port).to.equal(0)
  })

  it('asks for itself where the field is not sent', () => {
    expect(clientOf([['X-Real-IP', '192.0.2.1']])).to.equal(remote)
  })

  it('has put its client at the end of the last line of X-Forwarded-For, and in the first line of any other field', () => {
    const lines = (name: string): [string, string][] => [
      [name, '192.0.2.1'],
      [name, '192.0.2.2'],
    ]
    expect(clientOf(lines(LIST)).ip).to.equal('192.0.2.2')
    expect(clientOf(lines('X-Real-IP'), 'X-Real-IP').ip).to.equal('192.0.2.1')
  })

  describe('behind others, where the list is walked back', () => {
    const chains: [value: string, ip: string, rule: string][] = [
      ['203.0.113.9, 192.0.2.1, 10.0.0.3, 10.0.0.2', '192.0.2.1', 'ends at the first that is not trusted'],
      ['10.0.0.4, 10.0.0.3', '10.0.0.4', 'ends at the beginning where all are trusted'],
      ['192.0.2.1, garbage, 10.0.0.2', '10.0.0.2', 'ends before what is no address'],
      ['192.0.2.1,2001:db8::7', '192.0.2.1', 'takes either family'],
    ]
    for (const [value, ip, rule] of chains)
      it(rule, () => expect(clientOf([[LIST, value]], LIST, true).ip).to.equal(ip))

    it('goes on from line to line', () => {
      expect(
        clientOf(
          [
            [LIST, '192.0.2.1, 10.0.0.3'],
            [LIST, '10.0.0.2'],
          ],
          LIST,
          true,
        ).ip,
      ).to.equal('192.0.2.1')
    })
  })
})
