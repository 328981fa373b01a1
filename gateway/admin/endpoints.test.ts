import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { rehearseAdmin } from './rehearsal.ts'

interface Recording {
  send: { path: string }
  answer: { body: { data: string[] } }
}

const recordings: Recording[] = JSON.parse(
  readFileSync(new URL('../../test/conformance/admin/exchanges.json', import.meta.url), 'utf8'),
)
const kong = recordings.find(({ send }) => send.path.startsWith('/endpoints'))?.answer.body.data ?? []

describe('/endpoints', () => {
  it("lists paths as Kong does, in Kong's order, and none that Kong has not", async () => {
    const admin = await rehearseAdmin({})
    const { data } = (await admin.call('GET', '/endpoints')).body
    await admin.close()
    expect(data).to.include.members([
      '/',
      '/consumers/{consumers}/key-auth/{keyauth_credentials}',
      '/routes/{routes}/service',
    ])
    expect(data.filter((path: string) => !kong.includes(path))).to.deep.equal([])
    expect(data).to.deep.equal(kong.filter((path) => data.includes(path)))
  })
})
