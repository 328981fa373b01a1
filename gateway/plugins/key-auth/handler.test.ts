import { expect } from 'chai'
import { onService, rehearse } from '../rehearsal.ts'

const consumers = [
  {
    username: 'ann',
    custom_id: 'c-1',
    keyauth_credentials: [{ id: '11111111-1111-4111-8111-111111111111', key: 'k1' }],
  },
  { username: 'guest' },
]
const withKey = (config: object = {}) => rehearse(onService([{ name: 'key-auth', config }], { consumers }))
const form = { 'content-type': 'application/x-www-form-urlencoded' }
const json = { 'content-type': 'application/json' }

describe('key-auth', () => {
  it('tells the upstream who calls, and believes nothing the client says of that', async () => {
    const spoofed = { 'X-Consumer-Username': 'root', 'X-Consumer-ID': '1', 'X-Anonymous-Consumer': 'true' }
    const { upstream } = await withKey().send({ headers: { apikey: 'k1', ...spoofed } })
    expect(upstream?.headers.getAll('x-consumer-username')).to.deep.equal(['ann'])
    expect(upstream?.headers.get('x-consumer-custom-id')).to.equal('c-1')
    expect(upstream?.headers.get('x-credential-identifier')).to.equal('11111111-1111-4111-8111-111111111111')
    expect(upstream?.headers.has('x-anonymous-consumer')).to.equal(false)
  })

  for (const [what, request, message] of [
    ['no key', {}, 'No API key found in request'],
    ['an empty key', { headers: { apikey: '' } }, 'No API key found in request'],
    ['a key in another letter case', { headers: { apikey: 'K1' } }, 'Unauthorized'],
    ['a query name in another letter case', { path: '/?APIKEY=k1' }, 'No API key found in request'],
    ['two keys in the header', { headers: { apikey: ['k1', 'k1'] } }, 'Duplicate API key found'],
    ['two keys in the query', { path: '/?apikey=k1&apikey=k1' }, 'Duplicate API key found'],
    ['a name without a value', { path: '/?apikey' }, 'No API key found in request'],
    [
      'a key in a body that is not searched',
      { method: 'POST', headers: form, body: 'apikey=k1' },
      'No API key found in request',
    ],
  ] as const)
    it(`refuses ${what}`, async () => {
      const { status, headers, json } = await withKey({ realm: 'partners' }).send(request as object)
      expect(status).to.equal(401)
      expect(headers.get('www-authenticate')).to.equal('Key realm="partners"')
      expect(json).to.have.property('message', message)
    })

  it('takes the key from header, query or body, as the config allows', async () => {
    expect((await withKey().send({ path: '/?apikey=k1' })).status).to.equal(200)
    expect((await withKey({ key_in_query: false }).send({ path: '/?apikey=k1' })).status).to.equal(401)
    expect((await withKey({ key_in_header: false }).send({ headers: { apikey: 'k1' } })).status).to.equal(401)
    const body = withKey({ key_in_body: true })
    expect((await body.send({ method: 'POST', headers: form, body: 'a=1&apikey=k1' })).status).to.equal(200)
    expect((await body.send({ method: 'POST', headers: json, body: '{"apikey":"k1"}' })).status).to.equal(200)
    expect((await body.send({ method: 'POST', headers: json, body: '{"apikey":1}' })).status).to.equal(401)
    expect((await body.send({ method: 'POST', headers: json, body: '{"__proto__":{"apikey":"k1"}}' })).status).to.equal(
      401,
    )
    const multipart = { 'content-type': 'multipart/form-data; boundary=x' }
    const part = '--x\r\nContent-Disposition: form-data; name="apikey"\r\n\r\nk1\r\n--x--\r\n'
    expect((await body.send({ method: 'POST', headers: multipart, body: part })).status).to.equal(200)
  })

  it('takes a list or an object in a JSON body for several keys, and null for none', async () => {
    const rehearsal = withKey({ key_in_body: true })
    for (const [value, message] of [
      ['["k1"]', 'Duplicate API key found'],
      ['{"k1":true}', 'Duplicate API key found'],
      ['null', 'No API key found in request'],
    ]) {
      const answer = await rehearsal.send({ method: 'POST', headers: json, body: `{"apikey":${value}}` })
      expect(answer.json).to.have.property('message', message)
    }
  })

  it('hides the key it has used from the upstream, and writes the query anew', async () => {
    const rehearsal = withKey({ hide_credentials: true, key_in_body: true })
    const inHeader = await rehearsal.send({ headers: { apikey: 'k1' } })
    expect(inHeader.upstream?.headers.has('apikey')).to.equal(false)
    const inQuery = await rehearsal.send({ path: '/?a=%20&apikey=k1&flag' })
    expect(inQuery.upstream?.query).to.equal('a=+&flag=')
    expect((await rehearsal.send({ path: '/?apikey=k1' })).upstream?.query).to.equal('')
    const inForm = await rehearsal.send({ method: 'POST', headers: form, body: 'b=x%20y&apikey=k1&a=1' })
    expect(inForm.upstream?.body?.toString()).to.equal('a=1&b=x%20y')
    const inJson = await rehearsal.send({ method: 'POST', headers: json, body: '{"apikey":"k1","n":[null]}' })
    expect(inJson.upstream?.body?.toString()).to.equal('{"n":[null]}')
  })

  it('takes a key no longer than its ttl allows, and one without a ttl for ever', async () => {
    let time = 1_800_000_000
    const keyauth_credentials = [
      { key: 'short', ttl: 60, created_at: time },
      { key: 'long', ttl: 0, created_at: 1 },
    ]
    const more = { consumers: [{ username: 'ann', keyauth_credentials }] }
    const rehearsal = rehearse(onService([{ name: 'key-auth' }], more), { now: () => time * 1000 })
    const status = async (apikey: string) => (await rehearsal.send({ headers: { apikey } })).status
    expect([await status('short'), await status('long')]).to.deep.equal([200, 200])
    time += 59
    expect(await status('short')).to.equal(200)
    time += 1
    expect([await status('short'), await status('long')]).to.deep.equal([401, 200])
  })

  it('lets everybody pass as the anonymous consumer', async () => {
    const { upstream, exchange } = await withKey({ anonymous: 'guest' }).send({ headers: { apikey: 'wrong' } })
    expect(upstream?.headers.get('x-consumer-username')).to.equal('guest')
    expect(upstream?.headers.get('x-anonymous-consumer')).to.equal('true')
    expect(exchange.credential).to.equal(undefined)
  })

  it('answers 500 when the anonymous consumer does not exist', async () => {
    expect((await withKey({ anonymous: 'nobody' }).send()).status).to.equal(500)
  })

  it('leaves preflights alone when told to', async () => {
    expect((await withKey({ run_on_preflight: false }).send({ method: 'OPTIONS' })).status).to.equal(200)
    expect((await withKey().send({ method: 'OPTIONS' })).status).to.equal(401)
  })

  it('forgets a key that a reload has removed', async () => {
    const rehearsal = withKey()
    expect((await rehearsal.send({ headers: { apikey: 'k1' } })).status).to.equal(200)
    rehearsal.load(onService([{ name: 'key-auth' }], { consumers: [{ username: 'ann' }] }))
    expect((await rehearsal.send({ headers: { apikey: 'k1' } })).status).to.equal(401)
  })
})
