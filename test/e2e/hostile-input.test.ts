import { expect } from 'chai'
import { exchangeChunked } from '../support/client.ts'
import { type Platform, platform } from '../support/platform.ts'
import { bearer, member, newPerson } from './people.ts'

describe('hostile bodies', () => {
  let jade: Platform

  before(async function () {
    this.timeout(120_000)
    jade = await platform()
  })

  const register = (body: unknown, headers: Record<string, string> = {}) =>
    jade.send('POST', '/api/v1/register', { body, headers })
  const fieldsOf = async (body: unknown) => (await register(body)).body?.errors?.map(({ field }) => field)

  it('refuses truncated JSON, another content type and no body at all', async () => {
    expect((await register('{"name":"A B","email":')).status).to.equal(400)
    expect((await register('name=A', { 'content-type': 'application/x-www-form-urlencoded' })).status).to.equal(415)
    expect((await register('')).status).to.equal(400)
    for (const body of ['null', '[]', '7', '"text"']) expect((await register(body)).status, body).to.equal(400)
  })

  it('refuses 10 MB at the gateway, with or without an announced length', async () => {
    const answer = await register(JSON.stringify({ ...newPerson(), name: 'x'.repeat(10 * 1024 * 1024) }))
    expect(answer.status).to.equal(413)
    expect(await exchangeChunked(jade.url, 'POST', '/api/v1/register', 10 * 1024 * 1024)).to.equal(413)
  })

  it('refuses deep nesting without trouble', async () => {
    const deep = `${'{"a":'.repeat(9_000)}1${'}'.repeat(9_000)}`
    expect((await register(deep)).status).to.equal(400)
    expect((await register(`${'['.repeat(30_000)}${']'.repeat(30_000)}`)).status).to.equal(400)
  })

  it('refuses NUL characters and prototype keys, naming the field', async () => {
    expect(await fieldsOf({ ...newPerson(), name: 'A\0B' })).to.deep.equal(['name'])
    const person = JSON.stringify(newPerson()).slice(1)
    expect(await fieldsOf(`{"__proto__":{"isAdmin":true},${person}`)).to.deep.equal(['__proto__'])
    expect(await fieldsOf(`{"constructor":{"prototype":{}},${person}`)).to.deep.equal(['constructor'])
    expect(({} as Record<string, unknown>)['isAdmin']).to.equal(undefined)
  })

  it('keeps 4-byte emoji, right-to-left and combined names as they are', async () => {
    for (const name of ['🐘🐘 ช้าง', 'محمد بن سلمان', 'Zoë Müller', '李 小龍', 'O’Brien-Ødegård <b>']) {
      const { accessToken } = await member(jade, newPerson(name))
      const me = await jade.send('GET', '/api/v1/users/me', { headers: bearer(accessToken) })
      expect(me.body?.data?.['name']).to.equal(name)
    }
  }).timeout(60_000)
})

describe('path tricks', () => {
  let jade: Platform
  let headers: Record<string, string>

  before(async function () {
    this.timeout(120_000)
    jade = await platform()
    headers = bearer((await member(jade)).accessToken)
  })

  it('never reach a staff route around its policy', async () => {
    const tricks = [
      '//api/v1/users',
      '/api//v1/users',
      '/api/v1//users',
      '/api/v1/users//',
      '/api/v1/users/',
      '/api/v1/users/.',
      '/api/v1/users/me/..',
      '/api/v1/users/me/../',
      '/api/v1/users/me/%2e%2e',
      '/api/v1/users/me/%2E%2E/',
      '/api/v1/users/me%2f..',
      '/api/v1/users/me%2F%2e%2e',
      '/api/v1/users/me/..%2f',
      '/api/v1/register/../users',
      '/api/v1/register/%2e%2e/users',
      '/api/v1/auth/jwks/../../users',
      '/.well-known/jwks.json/../../api/v1/users',
      '/api/v1/users%00',
      '/api/v1/users/me%00',
      '/api/v1/users%20',
      '/api/v1/users;x=1',
      '/api/v1/users/me;/..',
      '/API/V1/USERS',
      '/api/v1/%75sers',
      '/api/v1/users%3f',
      '/api/v1/users#x',
      '/api/v1/users\\..',
      '/./api/v1/users',
      'http://gateway.test/api/v1/users',
    ]
    for (const path of tricks) {
      const withToken = await jade.send('GET', path, { headers })
      expect(withToken.status, `${path} with a member's token`).to.be.oneOf([400, 403, 404])
      const without = await jade.send('GET', path)
      expect(without.status, `${path} without a token`).to.be.oneOf([400, 401, 404])
    }
  })

  it('never reach what the gateway does not route', async () => {
    for (const path of [
      '/health',
      '/ready',
      '/metrics',
      '/internal/credentials',
      '/api/v1/auth/../../internal/credentials',
    ]) {
      for (const method of ['GET', 'PUT', 'POST']) {
        expect((await jade.send(method, path, { headers })).status, `${method} ${path}`).to.equal(404)
      }
    }
  })
})
