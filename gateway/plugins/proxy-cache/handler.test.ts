import { createHash } from 'node:crypto'
import { expect } from 'chai'
import { onService, type Played, type Rehearsal, rehearse, type Sent } from '../rehearsal.ts'

const TEXT = { headers: { 'Content-Type': 'text/plain' }, body: 'hello' }
const saying = (cacheControl: string) => ({ ...TEXT, headers: { ...TEXT.headers, 'Cache-Control': cacheControl } })
const status = ({ headers }: Played) => headers.get('x-cache-status')

describe('proxy-cache', () => {
  let time = Date.UTC(2026, 0, 1)
  const cached = (config: object = {}, plugins: object[] = [], more: object = {}) =>
    rehearse(onService([...plugins, { name: 'proxy-cache', config: { strategy: 'memory', ...config } }], more), {
      now: () => time,
    })
  const twice = async (rehearsal: Rehearsal, sent: Sent) => [await rehearsal.send(sent), await rehearsal.send(sent)]

  it('gives the answer again, and says so', async () => {
    const rehearsal = cached()
    const sent = { reply: { ...TEXT, headers: { ...TEXT.headers, ETag: 'e', Age: '7', Connection: 'close' } } }
    const miss = await rehearsal.send(sent)
    time += 3000
    const hit = await rehearsal.send(sent)
    expect([status(miss), status(hit)]).to.deep.equal(['Miss', 'Hit'])
    expect(hit.upstream).to.equal(undefined)
    expect(hit.exchange.response.source).to.equal('service')
    expect([hit.status, hit.body, hit.headers.get('etag')]).to.deep.equal([200, 'hello', 'e'])
    expect(hit.headers.getAll('age')).to.deep.equal(['3'])
    expect(hit.headers.has('connection')).to.equal(false)
    expect(hit.headers.get('x-cache-key')).to.equal(miss.headers.get('x-cache-key'))
  })

  // nginx's ngx_http_not_modified_filter_module, which leaves what comes from an upstream as it is.
  it('answers 304 on a hit that the client has already', async () => {
    const headers = { ...TEXT.headers, ETag: '"e"', 'Last-Modified': 'Thu, 01 Jan 2026 00:00:00 GMT' }
    const rehearsal = cached()
    const asking = async (asked: NonNullable<Sent['headers']>) => {
      const { status, body, headers: fields } = await rehearsal.send({ headers: asked, reply: { ...TEXT, headers } })
      return [status, body, fields.get('content-type'), fields.get('etag'), fields.get('x-cache-status')]
    }
    expect(await asking({ 'if-none-match': '"e"' })).to.deep.equal([200, 'hello', 'text/plain', '"e"', 'Miss'])
    const unchanged = [304, '', undefined, '"e"', 'Hit']
    for (const tags of ['"e"', 'W/"e"', '"a", "e"', '*'])
      expect(await asking({ 'if-none-match': tags }), tags).to.deep.equal(unchanged)
    const since = headers['Last-Modified']
    expect(await asking({ 'if-modified-since': since })).to.deep.equal(unchanged)
    const changes: NonNullable<Sent['headers']>[] = [
      { 'if-none-match': '"a"' },
      { 'if-modified-since': 'Fri, 02 Jan 2026 00:00:00 GMT' },
      { 'if-modified-since': since, 'if-none-match': '"a"' },
    ]
    for (const changed of changes) expect((await asking(changed))[0], JSON.stringify(changed)).to.equal(200)
  })

  it('tells on a hit nothing of who has passed the answer on', async () => {
    const [miss, hit] = await twice(cached(), { reply: { ...TEXT, headers: { ...TEXT.headers, Via: 'up' } } })
    expect([miss?.headers.get('via'), hit?.headers.get('via')]).to.deep.equal(['up', undefined])
  })

  it('refuses a file that names memory which Kong has not', () => {
    cached({ memory: { dictionary_name: 'kong_core_db_cache' } })
    expect(() => cached({ memory: { dictionary_name: 'own' } })).to.throw(/missing shared dict 'own'/)
  })

  it('asks the upstream again when the time is over', async () => {
    const rehearsal = cached({ cache_ttl: 10 })
    await rehearsal.send({ reply: TEXT })
    time += 9999
    expect(status(await rehearsal.send({ reply: TEXT }))).to.equal('Hit')
    time += 1
    expect(status(await rehearsal.send({ reply: TEXT }))).to.equal('Miss')
  })

  it('does not give what is too old, however long it is stored', async () => {
    const rehearsal = cached({ cache_ttl: 10, storage_ttl: 100 })
    await rehearsal.send({ reply: TEXT })
    time += 12_000
    expect(status(await rehearsal.send({ reply: TEXT }))).to.equal('Refresh')
    expect(status(await rehearsal.send({ reply: TEXT }))).to.equal('Hit')
  })

  for (const [what, sent] of [
    ['a method that is not listed', { method: 'POST', reply: TEXT }],
    ['a status that is not listed', { reply: { ...TEXT, status: 500 } }],
    ['a type that is not listed', { reply: { headers: { 'Content-Type': 'text/html' } } }],
    ['a type with a parameter', { reply: { headers: { 'Content-Type': 'application/json; charset=utf-8' } } }],
    ['no type', { reply: {} }],
  ] as const)
    it(`keeps nothing with ${what}`, async () => {
      expect((await twice(cached(), sent as Sent)).map(status)).to.deep.equal(['Bypass', 'Bypass'])
    })

  it('keeps no answer to HEAD, which has no body to give again', async () => {
    expect((await twice(cached(), { method: 'HEAD', reply: TEXT })).map(status)).to.deep.equal(['Miss', 'Miss'])
  })

  it('keeps no body beyond its bound', async () => {
    const reply = { ...TEXT, body: 'x'.repeat(8 * 1024 * 1024 + 1) }
    expect((await twice(cached(), { reply })).map(status)).to.deep.equal(['Miss', 'Miss'])
  })

  it('takes parameters of a type into account, in any spelling of their names', async () => {
    const rehearsal = cached({ content_type: ['application/json; charset=utf-8', 'image/*'] })
    const json = { headers: { 'Content-Type': 'Application/JSON;Charset="utf-8"' } }
    expect((await twice(rehearsal, { path: '/json', reply: json })).map(status)).to.deep.equal(['Miss', 'Hit'])
    const image = { headers: { 'Content-Type': 'image/png' } }
    expect((await twice(rehearsal, { path: '/image', reply: image })).map(status)).to.deep.equal(['Miss', 'Hit'])
  })

  it('tells requests apart by path and arguments, not by their order', async () => {
    const rehearsal = cached()
    const seen = []
    for (const path of ['/a?b=1&c=2', '/a?c=2&b=1', '/a?b=2&c=1', '/a?b=1', '/a?b', '/A?b', '/a'])
      seen.push(status(await rehearsal.send({ path, reply: TEXT })))
    expect(seen).to.deep.equal(['Miss', 'Hit', 'Miss', 'Miss', 'Miss', 'Miss', 'Miss'])
  })

  it('tells requests apart by what the config names', async () => {
    const rehearsal = cached({ vary_query_params: ['page'], vary_headers: ['accept-language'], ignore_uri_case: true })
    const seen = []
    for (const [path, language] of [
      ['/a?page=1&x=1', 'th'],
      ['/A?page=1&x=2', 'th'],
      ['/a?page=2', 'th'],
      ['/a?page=1', 'en'],
      ['/a?page=1', ''],
    ])
      seen.push(status(await rehearsal.send({ path, headers: { 'Accept-Language': language as string }, reply: TEXT })))
    expect(seen).to.deep.equal(['Miss', 'Hit', 'Miss', 'Miss', 'Miss'])
  })

  // kong/plugins/proxy-cache/handler.lua: the key is made of what kong.request.get_{method,query,headers} give at its priority.
  it('goes by the request as the plugins before it have left it', async () => {
    const change = (config: object) => ({ name: 'request-transformer', config })
    const seen = async (plugin: object, config: object, ...asked: Sent[]) => {
      const rehearsal = cached(config, [change(plugin)])
      const answers = []
      for (const sent of asked) answers.push(status(await rehearsal.send({ ...sent, reply: saying('max-age=9') })))
      return answers
    }
    const tier = ['one', 'two'].map((value) => ({ headers: { 'x-tier': value } }))
    expect(await seen({ replace: { headers: ['x-tier:any'] } }, { vary_headers: ['X-Tier'] }, ...tier)).to.include(
      'Hit',
    )
    expect(await seen({ remove: { querystring: ['t'] } }, {}, { path: '/?t=1' }, { path: '/?t=2' })).to.include('Hit')
    expect(await seen({ http_method: 'GET' }, {}, { method: 'DELETE' }, { method: 'DELETE' })).to.include('Hit')
    const no = { headers: { 'cache-control': 'no-cache' } }
    expect(await seen({ remove: { headers: ['cache-control'] } }, { cache_control: true }, no, no)).to.include('Hit')
  })

  // kong/plugins/proxy-cache/cache_key.lua; $request ends with the protocol, unless a query is cut off with it.
  it('names an answer as Kong does', async () => {
    const key = async (path: string, ...plugins: object[]) => {
      const { headers, exchange } = await cached({}, plugins, { consumers }).send({ path, headers: { apikey: 'k' } })
      return { key: headers.get('x-cache-key'), route: exchange.match?.route.id, consumer: exchange.consumer?.id }
    }
    const consumers = [{ username: 'a', keyauth_credentials: [{ key: 'k' }] }]
    const digest = (text: string) => createHash('sha256').update(text).digest('hex')
    const plain = await key('/a%20b')
    expect(plain.key).to.equal(digest(`${plain.route}|GET|GET /a%20b HTTP/1.1||`))
    const own = await key('/a?y&x=2&x=1', { name: 'key-auth' })
    expect(own.key).to.equal(digest(`${own.consumer}:${own.route}|GET|GET /a|x=1,2:y|`))
  })

  it('gives no consumer what another has asked for', async () => {
    const consumers = ['a', 'b'].map((username) => ({ username, keyauth_credentials: [{ key: username }] }))
    const rehearsal = cached({}, [{ name: 'key-auth' }], { consumers })
    const seen = []
    for (const apikey of ['a', 'a', 'b']) seen.push(status(await rehearsal.send({ headers: { apikey }, reply: TEXT })))
    expect(seen).to.deep.equal(['Miss', 'Hit', 'Miss'])
  })

  it('lets plugins say their headers anew on a hit', async () => {
    const rehearsal = cached({}, [{ name: 'rate-limiting', config: { minute: 9 } }])
    const [, hit] = await twice(rehearsal, { reply: TEXT })
    expect(hit?.headers.getAll('ratelimit-remaining')).to.deep.equal(['7'])
    expect(hit?.headers.getAll('ratelimit-limit')).to.deep.equal(['9'])
  })

  it('keeps its headers to itself when told to, but for who asks with Kong-Debug', async () => {
    const rehearsal = cached({ response_headers: { age: false, 'X-Cache-Status': false, 'X-Cache-Key': false } })
    const [, quiet] = await twice(rehearsal, { reply: TEXT })
    expect(quiet?.headers.keys).to.deep.equal(['content-type'])
    expect(status(await rehearsal.send({ headers: { 'Kong-Debug': '1' } }))).to.equal('Hit')
  })

  it('survives a reload', async () => {
    const document = onService([{ name: 'proxy-cache', config: { strategy: 'memory' } }])
    const rehearsal = rehearse(document)
    await rehearsal.send({ reply: TEXT })
    rehearsal.load(document)
    expect(status(await rehearsal.send({ reply: TEXT }))).to.equal('Hit')
  })

  describe('with cache_control', () => {
    for (const [said, seen] of [
      ['max-age=60', 'Hit'],
      ['s-maxage=60, max-age=0', 'Hit'],
      ['max-age=0', 'Bypass'],
      ['private, max-age=60', 'Bypass'],
      ['max-age=60, No-Store', 'Bypass'],
      ['no-cache', 'Bypass'],
      ['max-age=soon', 'Bypass'],
      ['public', 'Bypass'],
    ] as const)
      it(`obeys an answer that says ${said}`, async () => {
        const answers = await twice(cached({ cache_control: true }), { reply: saying(said) })
        expect(answers.map(status)[1]).to.equal(seen)
      })

    it('takes Expires where nothing says max-age', async () => {
      const expires = (at: number) => ({ ...TEXT, headers: { ...TEXT.headers, Expires: new Date(at).toUTCString() } })
      const rehearsal = cached({ cache_control: true })
      expect((await twice(rehearsal, { reply: expires(time + 5000) })).map(status)).to.deep.equal(['Miss', 'Hit'])
      expect((await twice(rehearsal, { path: '/past', reply: expires(time) })).map(status)[1]).to.equal('Bypass')
    })

    for (const [said, seen] of [
      ['no-cache', 'Bypass'],
      ['no-store', 'Bypass'],
      ['max-age=10', 'Refresh'],
      ['max-age=60', 'Hit'],
      ['min-fresh=60', 'Refresh'],
      ['min-fresh=10', 'Hit'],
      ['max-stale=0', 'Hit'],
      ['only-if-cached', 'Hit'],
    ] as const)
      it(`obeys a request that says ${said}`, async () => {
        const rehearsal = cached({ cache_control: true })
        await rehearsal.send({ reply: saying('max-age=60') })
        time += 20_000
        const asked = { headers: { 'Cache-Control': said }, reply: saying('max-age=60') }
        expect(status(await rehearsal.send(asked))).to.equal(seen)
      })

    it('answers 504 to who wants the cache only, and it has nothing', async () => {
      const { status, upstream } = await cached({ cache_control: true }).send({
        headers: { 'cache-control': 'only-if-cached' },
      })
      expect([status, upstream]).to.deep.equal([504, undefined])
    })

    it('keeps also what was answered to a token: only the answer can forbid it', async () => {
      const sent = { headers: { Authorization: 'Bearer a' }, reply: saying('max-age=60') }
      expect((await twice(cached({ cache_control: true }), sent)).map(status)).to.deep.equal(['Miss', 'Hit'])
      const secret = { ...sent, reply: saying('private, max-age=60') }
      expect((await twice(cached({ cache_control: true }), secret)).map(status)).to.deep.equal(['Bypass', 'Bypass'])
    })
  })
})
