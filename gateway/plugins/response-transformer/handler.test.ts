import { expect } from 'chai'
import { onService, rehearse } from '../rehearsal.ts'

const transformed = (config: object) => rehearse(onService([{ name: 'response-transformer', config }]))
const json = (body: unknown, type = 'application/json') => ({
  reply: { headers: { 'content-type': type, 'content-length': '9' }, body: JSON.stringify(body) },
})

describe('response-transformer', () => {
  it('removes, renames, replaces, adds and appends headers, in this order', async () => {
    const rehearsal = transformed({
      remove: { headers: ['x-secret'] },
      rename: { headers: ['x-old:x-new'] },
      replace: { headers: ['x-rep:new', 'x-none:never'] },
      add: { headers: ['x-add:1', 'x-have:other'] },
      append: { headers: ['x-app:2'] },
    })
    const reply = { headers: { 'x-secret': '1', 'x-old': 'o', 'x-rep': 'r', 'x-have': 'h', 'x-app': '1' } }
    const { headers } = await rehearsal.send({ reply })
    const shown = ['x-secret', 'x-old', 'x-new', 'x-rep', 'x-none', 'x-add', 'x-have', 'x-app']
    expect(shown.map((key) => headers.getAll(key).join())).to.deep.equal(['', '', 'o', 'new', '', '1', 'h', '1,2'])
  })

  it('asks of every step what the answer had at first', async () => {
    const rehearsal = transformed({
      remove: { headers: ['x-gone', 'x-back'] },
      rename: { headers: ['x-gone:x-moved', 'x-old:x-new', 'x-same:X-Same'] },
      replace: { headers: ['x-back:replaced'] },
      add: { headers: ['x-gone:never', 'x-old:never', 'x-new:added'] },
    })
    const reply = { headers: { 'x-gone': 'g', 'x-back': 'b', 'x-old': 'o', 'x-same': 's' } }
    const { headers } = await rehearsal.send({ reply })
    const shown = ['x-gone', 'x-moved', 'x-back', 'x-old', 'x-new', 'x-same']
    expect(shown.map((key) => headers.getAll(key).join())).to.deep.equal(['', 'g', 'replaced', '', 'added', ''])
  })

  it('appends in place of a field of which there is only one, as nginx does', async () => {
    const rehearsal = transformed({
      append: { headers: ['content-type:text/new', 'ETag:"b"', 'location:/b', 'set-cookie:b=2'] },
    })
    const reply = { headers: { 'Content-Type': 'text/old', etag: '"a"', location: '/a', 'set-cookie': 'a=1' } }
    const { headers } = await rehearsal.send({ reply })
    const shown = ['content-type', 'etag', 'location', 'set-cookie']
    expect(shown.map((key) => headers.getAll(key).join())).to.deep.equal(['text/new', '"b"', '/a,/b', 'a=1,b=2'])
  })

  it('writes dashes for underscores in names, and finds headers by both', async () => {
    const rehearsal = transformed({
      remove: { headers: ['x_gone'] },
      rename: { headers: ['x_old:x_new'] },
      add: { headers: ['x_have:2', 'x_add:1'] },
    })
    const { headers } = await rehearsal.send({ reply: { headers: { 'x-gone': 'g', 'x-old': 'o', 'x-have': 'h' } } })
    expect([...headers.names].sort()).to.deep.equal(['x-add', 'x-have', 'x-new'])
  })

  const changes = {
    remove: { json: ['password'] },
    rename: { json: ['id:userID'] },
    replace: { json: ['status:ok'] },
    add: { json: ['via:gateway', 'n:5'], json_types: ['string', 'number'] },
    append: { json: ['tags:new'] },
  }

  it('changes a JSON object and forgets its length', async () => {
    const sent = json({ id: 1, password: 'x', status: 'bad', tags: ['a'], n: 0 })
    const { json: body, headers } = await transformed(changes).send(sent)
    expect(body).to.deep.equal({ userID: 1, status: 'ok', tags: ['a', 'new'], n: 0, via: 'gateway' })
    expect(headers.has('content-length')).to.equal(false)
  })

  it('leaves other types, lists and broken JSON as they are', async () => {
    const rehearsal = transformed(changes)
    expect((await rehearsal.send(json({ id: 1 }, 'text/plain'))).json).to.deep.equal({ id: 1 })
    expect((await rehearsal.send(json({ id: 1 }, 'application/json; charset=utf-8'))).json).to.have.property(
      'userID',
      1,
    )
    expect((await rehearsal.send(json([1]))).json).to.deep.equal([1])
    const broken = { reply: { headers: { 'content-type': 'application/json' }, body: 'not json' } }
    expect((await rehearsal.send(broken)).body).to.equal('not json')
  })

  it('takes for JSON what is written in it, by a media type that is one', async () => {
    const rehearsal = transformed({ add: { json: ['a:1'] } })
    for (const type of ['application/problem+json', 'text/plain, Application/JSON'])
      expect((await rehearsal.send(json({}, type))).json).to.deep.equal({ a: '1' })
    for (const type of ['application/json;', 'text/json', 'application/jsonl'])
      expect((await rehearsal.send(json({}, type))).json).to.deep.equal({})
  })

  it('writes values in the type that is asked for', async () => {
    const types = { json: ['n:5', 'b:true', 'f:no', 'x:five'], json_types: ['number', 'boolean', 'boolean', 'number'] }
    expect((await transformed({ add: types }).send(json({}))).json).to.deep.equal({ n: 5, b: true, f: false })
  })

  it('writes the word null for no value, and leaves escapes of the declared text in it', async () => {
    const rehearsal = transformed({
      add: { json: ['none:', 'quoted:a"b', 'path:C:\\x'] },
      rename: { json: ['same:same'] },
    })
    const { json: body } = await rehearsal.send(json({ same: 1 }))
    expect(body).to.deep.equal({ none: 'null', quoted: 'a"b', path: 'C:\\\\x' })
  })

  it('cannot be made to change a prototype', async () => {
    const { body } = await transformed({ add: { json: ['__proto__:x'] } }).send(json({}))
    expect(body).to.equal('{"__proto__":"x"}')
  })

  it('filters no bodies where it changes headers only', async () => {
    const { headers } = await transformed({ add: { headers: ['x-a:1'] } }).send(json({}))
    expect(headers.get('content-length')).to.equal('9')
  })

  it("changes the gateway's own answers as well", async () => {
    const plugins = [{ name: 'key-auth' }, { name: 'response-transformer', config: { add: { json: ['extra:1'] } } }]
    expect((await rehearse(onService(plugins)).send()).json).to.have.property('extra', '1')
  })
})
