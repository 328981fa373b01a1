import { expect } from 'chai'
import { hostError, isIpOrCidr, parseAddress } from './address.ts'

describe('an address', () => {
  const known: [text: string, type: string, port: number | undefined][] = [
    ['a.test', 'name', undefined],
    ['a.test.:80', 'name', 80],
    ['my_host', 'name', undefined],
    ['127.0.0.1', 'ipv4', undefined],
    ['127.0.0.1:8080', 'ipv4', 8080],
    ['::1', 'ipv6', undefined],
    ['[::1]:80', 'ipv6', 80],
  ]
  for (const [text, type, port] of known) {
    it(`of type ${type} is ${text}`, () => expect(parseAddress(text)).to.deep.equal({ type, port }))
  }
  for (const text of [
    'https://a.test',
    'a..test',
    '-.',
    'a-.test',
    '300.1.1.1',
    'a.test:99999',
    '[::1',
    '',
    '::ffff:1.2.3.4',
    'fe80::1%eth0',
  ]) {
    it(`is not '${text}'`, () => expect(parseAddress(text)).to.have.property('error'))
  }

  it('of a host has no port', () => {
    expect(hostError('a.test')).to.equal(undefined)
    expect(hostError('a.test:80')).to.equal('must not have a port')
    expect(hostError('a b')).to.equal('invalid value: a b')
  })

  it('may be a range', () => {
    for (const range of ['10.0.0.0/8', '10.0.0.1', '::1', 'fd00::/8']) expect(isIpOrCidr(range), range).to.equal(true)
    for (const range of ['10.0.0.0/33', '10.0.0', 'a.test', '::1/129', '/8'])
      expect(isIpOrCidr(range), range).to.equal(false)
  })
})
