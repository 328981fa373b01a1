import { expect } from 'chai'
import { besieged, request, statuses } from '../../test/support/siege.ts'

describe('hostile input that looks for a way around a key', function () {
  this.timeout(20_000)
  const siege = besieged()

  const targets = [
    ...['/admin', '/admin/', '//admin', '/./admin', '/open/../admin', '/open/%2e%2e/admin', '/open/%2E./admin'],
    ...['/open/.%2e/admin/x', '/%61dmin', '/adm%69n', '/admin%2f', '/admin%2F..%2Fopen', '/open/../../admin'],
    ...[
      '/open/..;/admin',
      '/open%2f..%2fadmin',
      '/open\\..\\admin',
      '/admin%00',
      '/%2fadmin',
      '/admin?/open',
      '/admin#/open',
    ],
    ...[
      'http://a.test/admin',
      'HTTP://a.test/admin',
      'http://a.test//admin',
      'http://inner.test/open',
      'http://inner.test:80/',
    ],
    ...[
      'https://a.test/admin',
      'http://x@a.test/admin',
      'http:///admin',
      'a.test:80',
      '*',
      'admin',
      '/admin\t',
      '/ADMIN',
    ],
  ]
  for (const target of targets)
    it(`by the target ${JSON.stringify(target)} finds none`, async () => {
      const [status] = statuses(await siege.say(request(target)))
      expect(siege.toSecret).to.deep.equal([])
      expect(status).to.be.oneOf([200, 400, 401, 404])
      if (status === 200) expect(siege.toOpen).to.have.length(1)
    })

  const hosts = [
    ...['inner.test', 'INNER.test', 'inner.test:80', 'inner.test:99999', 'inner.test.', 'inner.test:', 'x@inner.test'],
    ...[
      'inner.test, a.test',
      'a.test inner.test',
      'inner.test/',
      'inner.test#',
      '[inner.test]',
      'inner.test\0',
      'a..inner.test',
    ],
  ]
  for (const host of hosts)
    it(`by the Host ${JSON.stringify(host)} finds none`, async () => {
      const [status] = statuses(await siege.say(request('/', host)))
      expect(siege.toSecret).to.deep.equal([])
      expect(status).to.be.oneOf([400, 401, 404])
    })

  it('by two Hosts, or one that the target contradicts, finds none', async () => {
    expect(statuses(await siege.say(request('/open', 'a.test', 'Host: inner.test')))).to.deep.equal([400])
    expect(statuses(await siege.say(request('http://a.test/open', 'inner.test')))).to.deep.equal([401])
    await siege.say(request('http://inner.test/open', 'a.test'))
    expect(siege.toSecret).to.deep.equal([])
    expect(siege.toOpen[0]).to.include('X-Forwarded-Host: inner.test\r\n')
  })

  it('by another method finds none', async () => {
    for (const method of ['CONNECT', 'TRACE', 'get', 'G\x00T', 'OPTIONS', 'HEAD', 'PROPFIND'])
      await siege.say(request('/admin').replace('GET', method))
    expect(siege.toSecret).to.deep.equal([])
  })
})
