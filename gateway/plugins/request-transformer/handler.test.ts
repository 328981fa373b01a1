import { expect } from 'chai'
import { rehearse, type Sent } from '../rehearsal.ts'

const transformed = (config: object, path = '/') =>
  rehearse({
    services: [
      {
        name: 's',
        url: 'http://127.0.0.1:9/base',
        routes: [{ name: 'r', paths: [path] }],
        plugins: [{ name: 'request-transformer', config }],
      },
    ],
  })
const form = { 'content-type': 'application/x-www-form-urlencoded' }
const json = { 'content-type': 'application/json' }

async function bodyAfter(config: object, sent: Sent): Promise<string | undefined> {
  const { upstream } = await transformed(config).send({ method: 'POST', ...sent })
  return upstream?.body?.toString()
}

describe('request-transformer', () => {
  it('removes, renames, replaces, adds and appends headers', async () => {
    const rehearsal = transformed({
      remove: { headers: ['X-Remove'] },
      rename: { headers: ['x-old:x-new'] },
      replace: { headers: ['x-replace:new value', 'x-absent:never'] },
      add: { headers: ['x-add:added', 'x-present:not this'] },
      append: { headers: ['x-append:last'] },
    })
    const headers = {
      'x-remove': ['1', '2'],
      'x-old': 'moved',
      'x-replace': 'old',
      'x-present': 'mine',
      'x-append': ['a', 'b'],
    }
    const { upstream } = await rehearsal.send({ headers })
    const shown = ['x-remove', 'x-old', 'x-new', 'x-replace', 'x-absent', 'x-add', 'x-present', 'x-append']
    const values = shown.map((key) => upstream?.headers.getAll(key).join())
    expect(values).to.deep.equal(['', '', 'moved', 'new value', '', 'added', 'mine', 'a,b,last'])
  })

  it('can replace Host, and neither add nor remove it', async () => {
    expect((await transformed({ replace: { headers: ['host:internal.test'] } }).send()).upstream?.host).to.equal(
      'internal.test',
    )
    const { upstream } = await transformed({ add: { headers: ['host:x'] }, remove: { headers: ['host'] } }).send()
    expect(upstream?.host).to.equal(undefined)
    const renamed = await transformed({ rename: { headers: ['x-host:host'] } }).send({
      headers: { 'x-host': 'b.test' },
    })
    expect(renamed.upstream?.host).to.equal('b.test')
    expect(renamed.upstream?.headers.has('host')).to.equal(false)
  })

  // ngx.req.get_headers finds a name with underscores among those with dashes too.
  it('finds a header with dashes by a name with underscores, and writes that beside it', async () => {
    const headersAfter = async (config: object) => {
      const { upstream } = await transformed(config).send({ headers: { 'x-a': '1' } })
      return ['x-a', 'x_a', 'x-b'].map((key) => upstream?.headers.getAll(key).join())
    }
    expect(await headersAfter({ add: { headers: ['x_a:2'] } })).to.deep.equal(['1', '', ''])
    expect(await headersAfter({ replace: { headers: ['x_a:2'] } })).to.deep.equal(['1', '2', ''])
    expect(await headersAfter({ append: { headers: ['x_a:2'] } })).to.deep.equal(['1', '1,2', ''])
    expect(await headersAfter({ rename: { headers: ['x_a:x-b'] } })).to.deep.equal(['1', '', '1'])
    expect(await headersAfter({ remove: { headers: ['x_a'] } })).to.deep.equal(['1', '', ''])
  })

  it('writes a changed query in the order of its names', async () => {
    const rehearsal = transformed({
      remove: { querystring: ['gone'] },
      rename: { querystring: ['old:new'] },
      replace: { querystring: ['rep:2'] },
      add: { querystring: ['add:1', 'have:no', 'time:10:30'] },
      append: { querystring: ['app:z'] },
    })
    const { upstream } = await rehearsal.send({ path: '/?old=x&gone=1&rep=1&have=yes&app=a&flag' })
    expect(upstream?.query).to.equal('add=1&app=a&app=z&flag&have=yes&new=x&rep=2&time=10%3A30')
    const named = transformed({ rename: { querystring: ['a:$(query_params.to)'] } })
    expect((await named.send({ path: '/?a=1&to=b' })).upstream?.query).to.equal('b=1&to=b')
    const emptied = transformed({ remove: { querystring: ['a'] } })
    expect((await emptied.send({ path: '/?a=1' })).upstream?.query).to.equal(undefined)
    expect((await emptied.send({ path: '/?' })).upstream?.query).to.equal('')
    expect((await transformed({}).send({ path: '/?b=%20&a' })).upstream?.query).to.equal('b=%20&a')
  })

  const changes = {
    remove: { body: ['password'] },
    rename: { body: ['name:fullName'] },
    replace: { body: ['role:user'] },
    add: { body: ['source:gateway'] },
    append: { body: ['tags:new'] },
  }

  it('changes JSON bodies, also empty ones, and leaves broken ones alone', async () => {
    const body = '{"password":"x","name":"Ann","role":"admin","tags":["old"],"deep":{"a":[1,2.5,null]}}'
    expect(JSON.parse((await bodyAfter(changes, { headers: json, body })) as string)).to.deep.equal({
      fullName: 'Ann',
      role: 'user',
      source: 'gateway',
      tags: ['old', 'new'],
      deep: { a: [1, 2.5, null] },
    })
    expect(await bodyAfter(changes, { headers: json, body: '' })).to.equal('{"source":"gateway","tags":["new"]}')
    expect(await bodyAfter(changes, { headers: json, body: 'not json' })).to.equal(undefined)
    expect(await bodyAfter(changes, { headers: { 'content-type': 'text/plain' }, body: 'name=x' })).to.equal(undefined)
  })

  it('changes forms and multipart forms', async () => {
    const sent = { headers: form, body: 'password=1&name=Ann%20Lee' }
    expect(await bodyAfter(changes, sent)).to.equal('fullName=Ann%20Lee&source=gateway&tags=new')
    const part = (name: string, value: string) =>
      `--x\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`
    const body = `${part('name', 'Ann')}${part('password', '1')}--x--\r\n`
    const multipart = await bodyAfter(changes, { headers: { 'content-type': 'multipart/form-data; boundary=x' }, body })
    expect(multipart).to.include('name="fullName"\r\n\r\nAnn').and.include('name="source"').and.not.include('password')
  })

  it('sends a form that becomes a GET in the query as well', async () => {
    const sent = { method: 'POST', path: '/?a=1', headers: form, body: 'b=2&a=3' }
    const { upstream } = await transformed({ http_method: 'GET' }).send(sent)
    expect([upstream?.method, upstream?.query]).to.deep.equal(['GET', 'a=1&a=3&b=2'])
  })

  it('replaces the whole path, and escapes what cannot stand in one', async () => {
    const config = { replace: { uri: '/things/$(uri_captures.id)/a b' } }
    const { upstream } = await transformed(config, '~/items/(?<id>\\d+)').send({ path: '/items/9?x=1' })
    expect([upstream?.path, upstream?.query]).to.deep.equal(['/things/9/a%20b', 'x=1'])
  })

  it('answers 500 when the new path is none', async () => {
    expect((await transformed({ replace: { uri: '$(query_params.to)' } }).send({ path: '/?to=x' })).status).to.equal(
      500,
    )
  })

  it('counts all groups of a regex path, the named ones among them', async () => {
    const config = { replace: { uri: '/$(uri_captures[2])/$(uri_captures.id)/$(uri_captures[1])$(uri_captures[0])' } }
    const { upstream } = await transformed(config, '~/(\\w+)/(?<id>\\d+)$').send({ path: '/items/9' })
    expect(upstream?.path).to.equal('/9/9/items/items/9')
  })

  it('renders templates over the request as it was', async () => {
    const headers = [
      ['x-user', '$(uri_captures.id)'],
      ['x-first', '$(uri_captures[1])'],
      ['x-agent', '$(headers["user-agent"])/$(headers.user_agent)'],
      ['x-q', '$(query_params.q or "nothing")'],
      ['x-none', '$(query_params.none)'],
      ['x-host', '$(headers.host)'],
      ['x-te', '$(headers.te)'],
    ].map((pair) => pair.join(':'))
    const rehearsal = transformed({ add: { headers }, remove: { headers: ['user-agent'] } }, '~/users/(?<id>\\d+)')
    const { upstream } = await rehearsal.send({ path: '/users/42?q=a', headers: { 'user-agent': 't', te: 'trailers' } })
    const names = ['x-user', 'x-first', 'x-agent', 'x-q', 'x-none', 'x-host', 'x-te']
    const values = names.map((key) => upstream?.headers.get(key))
    expect(values).to.deep.equal(['42', '42', 't/t', 'a', '', 'gateway.test', 'trailers'])
  })

  it('answers 500 when a template cannot be evaluated', async () => {
    expect((await transformed({ add: { headers: ['x-bad:$(headers.a.b)'] } }).send()).status).to.equal(500)
  })

  // kong/plugins/request-transformer/schema.lua: check_for_value is not among what headers and uri are held against.
  it('refuses a query or a body whose template is no Lua, and fails the requests where a header or the path has it', async () => {
    for (const part of ['querystring', 'body'])
      expect(() => transformed({ add: { [part]: ['bad:$(headers.a b)'] } })).to.throw(/not in supported format/)
    for (const config of [{ add: { headers: ['x-bad:$(headers.a b)'] } }, { replace: { uri: '/$(1 +)' } }])
      expect((await transformed(config).send()).status).to.equal(500)
    expect(() => transformed({ add: { headers: ['no value'] } })).to.throw()
  })

  it('carries text beyond ASCII from any part of the request into any other', async () => {
    const { upstream } = await transformed({
      add: { headers: ['x-q:$(query_params.q)ü'], querystring: ['h:$(headers["x-h"])é'] },
      replace: { uri: '/$(query_params.q)$(headers["x-h"])ñ' },
    }).send({ path: '/?q=%C3%A9', headers: { 'x-h': Buffer.from('ß').toString('latin1') } })
    expect(Buffer.from(upstream?.headers.get('x-q') ?? '', 'latin1').toString()).to.equal('éü')
    expect([upstream?.query, upstream?.path]).to.deep.equal(['h=%C3%9F%C3%A9&q=%C3%A9', '/%C3%A9%C3%9F%C3%B1'])
  })
})
