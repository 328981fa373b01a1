import { expect } from 'chai'
import { type rehearse, rehearseConfig, startUpstream, talk } from './rehearsal.ts'

const terminated = (name: string, config: object) => ({
  name,
  url: 'http://127.0.0.1:9',
  routes: [{ name, paths: [`/${name}`] }],
  plugins: [{ name: 'request-termination', config }],
})
const away = (name: string, port: number) => ({
  name,
  url: `http://127.0.0.1:${port}`,
  routes: [{ paths: [`/${name}`] }],
})

describe('an answer of the gateway itself', () => {
  let gateway: Awaited<ReturnType<typeof rehearse>>
  let broken: Awaited<ReturnType<typeof startUpstream>>

  before(async () => {
    broken = await startUpstream((socket) => socket.destroy())
    const services = [
      terminated('worded', { status_code: 410, message: 'gone' }),
      terminated('bare', { status_code: 410 }),
      terminated('empty', { status_code: 204, body: 'x', content_type: 'text/plain' }),
      away('broken', broken.port),
      away('closed', 9),
    ]
    const framing = { add: { headers: ['transfer-encoding:chunked'] } }
    gateway = await rehearseConfig({ services, plugins: [{ name: 'response-transformer', config: framing }] })
  })

  after(async () => {
    await gateway.stop()
    await broken.stop()
  })

  const CLOSE = 'Connection: close\r\n\r\n'
  const ask = (target: string, fields = 'Host: a.test\r\n', method = 'HEAD') =>
    talk(gateway.port, `${method} ${target} HTTP/1.1\r\n${fields}${CLOSE}`)

  for (const [what, status, target, fields] of [
    ['of a plugin', 410, '/worded'],
    ["that is nginx's page", 410, '/bare'],
    ['where no route matches', 404, '/nowhere'],
    ['where the upstream breaks off', 502, '/broken'],
    ['where the upstream is away', 502, '/closed'],
    ['to a request without Host', 400, '/worded', ''],
    ['to a badly encoded path', 400, '/%zz'],
    ['to a field that is none', 400, '/worded', 'Host: a.test\r\nno field\r\n'],
    ['to a target that is too long', 414, `/${'x'.repeat(9000)}`],
    ['to a field that is too long', 400, '/', `Host: a.test\r\nX: ${'x'.repeat(9000)}\r\n`],
    ['to a head that never ends', 400, '/', 'Host: a.test\r\nX: y\n\n'],
  ] as const)
    it(`${what} has no body for a HEAD`, async () => {
      const answer = await ask(target, fields)
      expect(answer)
        .to.match(new RegExp(`^HTTP/1\\.1 ${status} `))
        .and.to.match(/\r\n\r\n$/)
      expect(answer.split('\r\n\r\n')).to.have.length(2)
    })

  it("is nginx's page, whatever the client accepts, where Kong words no error of its own", async () => {
    const answer = await ask(
      '/worded',
      'Host: a.test\r\nAccept: application/json\r\nTransfer-Encoding: gzip\r\n',
      'GET',
    )
    expect(answer)
      .to.match(/^HTTP\/1\.1 501 /)
      .and.include('Content-Type: text/html; charset=UTF-8\r\n')
      .and.include('<center><h1>501 Not Implemented</h1></center>')
  })

  it('has neither body nor type where its status is 204', async () => {
    const answer = await ask('/empty', undefined, 'GET')
    expect(answer)
      .to.match(/^HTTP\/1\.1 204 .*\r\n\r\n$/s)
      .and.not.to.match(/content-type/i)
  })

  it('is framed by the gateway, whatever a plugin writes', async () => {
    const answer = await ask('/worded', undefined, 'GET')
    expect(answer)
      .to.match(/Content-Length: 18\r\n/)
      .and.not.to.match(/transfer-encoding/i)
    expect(answer).to.match(/\r\n\r\n\{"message":"gone"\}$/)
  })
})
