import { expect } from 'chai'
import { onService, rehearse } from '../rehearsal.ts'

const SHOP = 'https://shop.test'
const preflight = (origin: string, more: Record<string, string> = {}) => ({
  method: 'OPTIONS',
  headers: { origin, 'access-control-request-method': 'PUT', ...more },
})
const withCors = (config: object = {}) => rehearse(onService([{ name: 'cors', config }, { name: 'key-auth' }]))

describe('cors', () => {
  it('answers a preflight ahead of authentication', async () => {
    const { status, headers, body } = await withCors({ max_age: 600 }).send(preflight(SHOP))
    expect([status, body]).to.deep.equal([200, ''])
    expect(headers.get('access-control-allow-origin')).to.equal('*')
    expect(headers.get('access-control-allow-methods')).to.equal('GET,HEAD,PUT,PATCH,POST,DELETE,OPTIONS,TRACE,CONNECT')
    expect(headers.get('access-control-max-age')).to.equal('600')
    expect(headers.has('vary')).to.equal(false)
  })

  it('allows the headers that the preflight asks for, or those declared', async () => {
    const asked = preflight(SHOP, { 'access-control-request-headers': 'x-one, x-two' })
    const open = await withCors().send(asked)
    expect(open.headers.get('access-control-allow-headers')).to.equal('x-one, x-two')
    const fixed = await withCors({ headers: ['Accept', 'X-Key'] }).send(asked)
    expect(fixed.headers.get('access-control-allow-headers')).to.equal('Accept,X-Key')
  })

  it('names an empty origin too where credentials go along, as Kong 3.9.1 does', async () => {
    const { headers } = await withCors({ credentials: true }).send({ headers: { origin: '' } })
    expect(headers.get('access-control-allow-origin')).to.equal('')
    expect(headers.get('access-control-allow-credentials')).to.equal('true')
  })

  it('ends a regex at the end of its last alternative alone, as Kong does, which only appends a `$`', async () => {
    const rehearsal = withCors({ origins: ['https://a\\.test|https://b\\.test'] })
    const allowed = async (origin: string) =>
      (await rehearsal.send({ headers: { origin } })).headers.get('access-control-allow-origin')
    expect(await allowed('https://a.test:81')).to.equal('https://a.test:81')
    expect(await allowed('https://b.test:81')).to.equal(undefined)
    expect(await allowed('x:https://a.test')).to.equal(undefined)
  })

  it('sends a single plain origin to everybody', async () => {
    const { headers } = await withCors({ origins: [SHOP] }).send({ headers: { origin: 'https://evil.test' } })
    expect(headers.get('access-control-allow-origin')).to.equal(SHOP)
    expect(headers.getAll('vary')).to.deep.equal(['Origin'])
  })

  const origins = ['https://shop.test', 'http://localhost:5173', 'https://[a-z]+\\.shop\\.test', '.*\\.partner\\.test']
  for (const [origin, allowed] of [
    [SHOP, SHOP],
    ['https://shop.test:443', SHOP],
    ['https://shop.test:8443', undefined],
    ['http://shop.test', undefined],
    ['http://localhost:5173', 'http://localhost:5173'],
    ['https://a.shop.test', 'https://a.shop.test'],
    ['https://a.shop.test.evil.test', undefined],
    ['https://evil.test/https://a.shop.test', undefined],
    ['http://x.partner.test:8080', 'http://x.partner.test:8080'],
    ['https://x.partner.test.evil.test', undefined],
    ['https://[::1]:8443', undefined],
    ['null', undefined],
  ] as const)
    it(`of a list ${allowed ? 'allows' : 'refuses'} ${origin}`, async () => {
      const { headers } = await withCors({ origins }).send({ headers: { origin } })
      expect(headers.get('access-control-allow-origin')).to.equal(allowed)
      expect(headers.get('vary')).to.equal('Origin')
    })

  it('tells addresses in brackets from one another, and shows them as Kong does', async () => {
    const rehearsal = withCors({ origins: ['http://::1:3000', '^fe80::\\w+$'] })
    const allowed = async (origin: string) =>
      (await rehearsal.send({ headers: { origin } })).headers.get('access-control-allow-origin')
    expect(await allowed('http://[::1]:3000')).to.equal('http://::1:3000')
    expect(await allowed('http://[::2]:3000')).to.equal(undefined)
  })

  it('names the origin in place of * when credentials go along', async () => {
    const { headers } = await withCors({ credentials: true }).send({ headers: { origin: SHOP } })
    expect(headers.get('access-control-allow-origin')).to.equal(SHOP)
    expect(headers.get('access-control-allow-credentials')).to.equal('true')
    expect(headers.get('vary')).to.equal('Origin')
  })

  it('overrules the upstream, and adds its Vary as a line of its own', async () => {
    const rehearsal = rehearse(onService([{ name: 'cors', config: { origins: [SHOP, 'https://b.test'] } }]))
    const reply = { headers: { vary: 'Accept', 'access-control-allow-origin': '*' } }
    const { headers } = await rehearsal.send({ headers: { origin: 'https://evil.test' }, reply })
    expect(headers.has('access-control-allow-origin')).to.equal(false)
    expect(headers.getAll('vary')).to.deep.equal(['Accept', 'Origin'])
  })

  it('leaves preflights and their answers to the upstream with preflight_continue', async () => {
    const rehearsal = rehearse(onService([{ name: 'cors', config: { preflight_continue: true } }]))
    const { upstream, headers } = await rehearsal.send(preflight(SHOP))
    expect(upstream?.method).to.equal('OPTIONS')
    expect(headers.has('access-control-allow-origin')).to.equal(false)
  })

  it('opens private networks only when told to', async () => {
    const asked = preflight(SHOP, { 'access-control-request-private-network': 'true' })
    const name = 'access-control-allow-private-network'
    expect((await withCors({ private_network: true }).send(asked)).headers.get(name)).to.equal('true')
    expect((await withCors().send(asked)).headers.has(name)).to.equal(false)
  })
})
