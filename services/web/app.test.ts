import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect } from 'chai'
import { request } from 'undici'
import type { RunningService } from '../../lib/service.ts'
import { freePort } from '../../test/support/ports.ts'
import { start } from './main.ts'

const TOKEN = 'a-gateway-token-of-at-least-32-characters'
const SCRIPT = 'console.log("jade")'

describe('the web service', () => {
  let folder: string
  let service: RunningService

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pages-'))
    const root = join(folder, 'dist')
    await mkdir(join(root, 'assets'), { recursive: true })
    await writeFile(join(folder, 'secret.txt'), 'not a page')
    await writeFile(join(root, 'index.html'), '<title>Jade Palace</title>')
    await writeFile(join(root, 'assets/index-1a2b.js'), SCRIPT)
    await writeFile(join(root, 'assets/index-1a2b.js.gz'), gzipSync(SCRIPT))
    service = await start({ PORT: String(await freePort()), GATEWAY_TOKEN: TOKEN, WEB_ROOT: root, LOG_LEVEL: 'error' })
  })
  after(async () => {
    await service?.stop()
    if (folder) await rm(folder, { recursive: true })
  })

  async function get(path: string, headers: Record<string, string> = { 'x-gateway-token': TOKEN }) {
    const answer = await request(`http://127.0.0.1:${service.port}${path}`, { headers })
    return { status: answer.statusCode, headers: answer.headers, body: Buffer.from(await answer.body.arrayBuffer()) }
  }

  it('answers the one document for every page, to be asked for again each time', async () => {
    for (const path of ['/', '/register', '/admin/members']) {
      const { status, headers, body } = await get(path)
      expect([status, headers['cache-control'], body.toString()]).to.deep.equal([
        200,
        'no-cache',
        '<title>Jade Palace</title>',
      ])
    }
  })

  it('lets browsers keep an asset for a year, and compresses it only for those that take that', async () => {
    const plain = await get('/assets/index-1a2b.js')
    expect([plain.status, plain.headers['cache-control'], plain.body.toString()]).to.deep.equal([
      200,
      'max-age=31536000,immutable',
      SCRIPT,
    ])
    const small = await get('/assets/index-1a2b.js', { 'x-gateway-token': TOKEN, 'accept-encoding': 'gzip' })
    expect(small.headers['content-encoding']).to.equal('gzip')
    expect(small.body).to.deep.equal(gzipSync(SCRIPT))
  })

  it('answers 404 for an asset that is not there, also in the form of services', async () => {
    const { status, body } = await get('/assets/gone.js')
    expect([status, JSON.parse(body.toString()).code]).to.deep.equal([404, 'NOT_FOUND'])
  })

  it('serves nothing from outside its folder', async () => {
    for (const path of ['/assets/..%2f..%2fsecret.txt', '/assets/..%5c..%5csecret.txt']) {
      const { status, body } = await get(path)
      expect(status, path).to.equal(404)
      expect(body.toString(), path).not.to.include('not a page')
    }
  })

  it('allows no script but its own files, and no frame around it', async () => {
    for (const path of ['/', '/assets/index-1a2b.js', '/assets/gone.js']) {
      const { headers } = await get(path)
      expect(headers['content-security-policy'], path)
        .to.include("script-src 'self';")
        .and.include("frame-ancestors 'none'")
      expect(headers['content-security-policy']).not.to.include('unsafe')
      expect(headers).to.include({ 'x-frame-options': 'DENY', 'x-content-type-options': 'nosniff' })
    }
  })

  it('answers nobody but the gateway', async () => {
    expect((await get('/', {})).status).to.equal(401)
  })
})
