import { expect } from 'chai'
import { onService, rehearse } from '../rehearsal.ts'

const transformed = (config: object) => rehearse(onService([{ name: 'request-transformer', config }]))
const json = { 'content-type': 'application/json' }
const form = { 'content-type': 'application/x-www-form-urlencoded' }
const multipart = { 'content-type': 'multipart/form-data; boundary=x' }
const disposition = 'Content-Disposition: form-data; name='

async function bodyAfter(config: object, headers: Record<string, string>, body: string): Promise<string | undefined> {
  const { upstream } = await transformed(config).send({ method: 'POST', headers, body })
  return upstream?.body?.toString()
}

describe('request-transformer, of bodies', () => {
  it('leaves a body in which nothing is to be done as it came, byte for byte', async () => {
    const config = { rename: { body: ['a:b'] }, replace: { body: ['c:1'] }, add: { body: ['d:1'] } }
    expect(await bodyAfter(config, json, '{ "d" : 1.0 }')).to.equal(undefined)
    expect(await bodyAfter(config, form, 'z=1&d=%7e')).to.equal(undefined)
    expect(await bodyAfter(config, multipart, `--x\r\n${disposition}"d"\r\n\r\n1\r\n--x--`)).to.equal(undefined)
    expect(await bodyAfter({ remove: { body: ['absent'] } }, form, 'z=1&a=2')).to.equal('a=2&z=1')
  })

  it('writes a JSON list or an object anew where something would be done, and no field into a list', async () => {
    expect(await bodyAfter({ add: { body: ['a:1'] } }, json, '[1, 2]')).to.equal('[1,2]')
    expect(await bodyAfter({ rename: { body: ['a:b'] } }, json, '[1, 2]')).to.equal(undefined)
    expect(await bodyAfter({ remove: { body: ['a'] } }, json, '{ }')).to.equal('{}')
    expect(await bodyAfter({ remove: { body: ['a'] } }, json, '')).to.equal(undefined)
  })

  // kong/plugins/request-transformer/access.lua, append_value: table.insert, whatever the table.
  it('appends to an object as to a table of Lua', async () => {
    const config = { append: { body: ['o:v', 'e:v', 'n:v', 's:v'] } }
    expect(await bodyAfter(config, json, '{"o":{"a":1},"e":{},"n":1,"s":""}')).to.equal(
      '{"o":{"1":"v","a":1},"e":["v"],"n":["v"],"s":["","v"]}',
    )
  })

  it('keeps the parts of a multipart form, files too, and writes new ones behind them', async () => {
    const file = `${disposition}"f"; filename="a.bin"\r\nContent-Type: application/octet-stream\r\n\r\n\x00\r\n--y\r\n`
    const body = `--x\r\n${file}\r\n--x\r\n${disposition}"old"\r\n\r\n1\r\n--x\r\n${disposition}"r"\r\n\r\n2\r\n--x--\r\n`
    const config = { rename: { body: ['old:new'] }, replace: { body: ['r:3'] }, append: { body: ['never:1'] } }
    expect(await bodyAfter(config, multipart, body)).to.equal(
      `--x\r\n${file}\r\n--x\r\n${disposition}"new"\r\n\r\n1\r\n--x\r\n${disposition}"r"\r\n\r\n3\r\n--x--\r\n`,
    )
  })

  it('goes by the media type that its own headers have given the body', async () => {
    const config = { replace: { headers: ['content-type:application/json'] }, add: { body: ['b:2'] } }
    expect(await bodyAfter(config, { 'content-type': 'text/plain' }, '{"a":1}')).to.equal('{"a":1,"b":"2"}')
  })

  it('lets the templates of a body see the headers that it has changed, unless they were asked for before', async () => {
    const config = { add: { headers: ['x-a:new'], body: ['seen:$(headers["x-a"])'] } }
    expect(await bodyAfter(config, json, '{}')).to.equal('{"seen":"new"}')
    const asked = { add: { headers: ['x-a:new', 'x-b:$(headers["x-a"])'], body: ['seen:$(headers["x-a"])'] } }
    expect(await bodyAfter(asked, json, '{}')).to.equal('{"seen":""}')
  })
})
