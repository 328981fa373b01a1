import { expect } from 'chai'
import { HeaderList } from '../http1/header-list.ts'
import { createStore, type Store } from '../plugins/proxy-cache/store.ts'
import { type AdminRehearsal, rehearseAdmin } from './rehearsal.ts'

const id = '5c7e7f54-3b0a-4bd5-8ee2-6b6f1d0f8a7e'
const plugins = [{ id, name: 'proxy-cache', config: { strategy: 'memory' } }]

describe('/proxy-cache', () => {
  let admin: AdminRehearsal
  let store: Store

  async function begin(declared: object) {
    admin = await rehearseAdmin(declared)
    store = createStore(admin.cache)
    const headers = new HeaderList()
    for (const [name, value] of [
      ['Content-Type', 'text/plain'],
      ['Vary', 'a'],
      ['Vary', 'b'],
    ] as const)
      headers.append(name, value)
    const kept = { status: 200, headers, body: Buffer.from('hello'), storedAt: 1_700_000_000_500, freshFor: 60 }
    for (const key of ['one', 'other']) store.set(key, kept, 60_000)
  }

  const status = async (method: string, path: string) => (await admin.call(method, path)).status

  beforeEach(() => begin({ plugins }))
  afterEach(() => admin.close())

  it('shows an answer as it is kept', async () => {
    const shown = {
      status: 200,
      headers: { 'Content-Type': 'text/plain', Vary: ['a', 'b'] },
      body: 'hello',
      body_len: 5,
      timestamp: 1_700_000_000,
      ttl: 60,
      version: 1,
    }
    for (const path of ['/proxy-cache/one', `/proxy-cache/${id}/caches/one`])
      expect(await admin.call('GET', path)).to.deep.equal({ status: 200, body: shown })
    for (const path of ['/proxy-cache/none', `/proxy-cache/${id}/caches/none`, '/proxy-cache/none/caches/one'])
      expect(await status('GET', path)).to.equal(404)
  })

  it('forgets one answer', async () => {
    for (const path of ['/proxy-cache/one', `/proxy-cache/${id}/caches/other`]) {
      expect(await status('DELETE', path)).to.equal(204)
      expect(await status('DELETE', path)).to.equal(404)
    }
    expect(['one', 'other'].map((key) => store.get(key))).to.deep.equal([undefined, undefined])
  })

  it('forgets all answers', async () => {
    expect(await status('DELETE', '/proxy-cache')).to.equal(204)
    expect(['one', 'other'].map((key) => store.get(key))).to.deep.equal([undefined, undefined])
    expect(await status('GET', '/proxy-cache')).to.equal(405)
  })

  it('has nothing where no such plugin is', async () => {
    await admin.close()
    await begin({})
    expect(await status('GET', '/proxy-cache/one')).to.equal(404)
  })
})
