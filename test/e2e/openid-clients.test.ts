import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import pg from 'pg'
import { type Platform, platform } from '../support/platform.ts'
import { type RegisteredClient, refusal, relyingParty } from '../support/relying-party.ts'
import { type AppRegistry, anApp, appRegistry, CLIENTS } from './apps.ts'
import { admin, ageSignIn, bearer, member } from './people.ts'

describe('apps of others, through the gateway', () => {
  let jade: Platform
  let registry: AppRegistry

  before(async function () {
    this.timeout(120_000)
    jade = await platform()
    registry = await appRegistry(jade)
  })

  const send = (method: string, body?: object, headers = registry.headers) =>
    jade.send(method, CLIENTS, { headers, ...(body && { body }) })

  it('are registered by admins, who are shown a secret once', async () => {
    const { clientID, clientSecret } = await registry.register({ name: 'Aardvark', confidential: true })
    expect(clientSecret).to.match(/^[\w-]{43}$/)
    expect(await registry.register({ confidential: false })).not.to.have.property('clientSecret')
    const listed = await send('GET')
    expect(listed.text).to.include(clientID).and.not.include(clientSecret)
    expect(listed.body?.meta).to.include({ page: 1, limit: 20 })
    const { rows } = await query('select oidc_clients::text as stored from auth.oidc_clients')
    expect(JSON.stringify(rows)).to.include(clientID).and.not.include(clientSecret)
    const trail = await jade.send('GET', '/api/v1/auth/audit?type=client.registered', { headers: registry.headers })
    expect(trail.text).to.include(clientID)
  })

  it('are given a new secret, which ends the old one and no grant', async () => {
    const client = await registry.register({ confidential: true })
    const before = await relyingParty(client, registry.place)
    const { accessToken } = await member(jade)
    const { tokens } = await before.authorize(registry.browser(accessToken), {
      scope: 'openid offline_access',
      prompt: 'consent',
    })
    const renew = (clientID: string, headers = registry.headers) =>
      jade.send('POST', `${CLIENTS}/${clientID}/secret`, { headers })
    const { status, body } = await renew(client.clientID)
    const renewed = body?.data as unknown as RegisteredClient
    expect(status).to.equal(200)
    expect(renewed.clientSecret)
      .to.match(/^[\w-]{43}$/)
      .and.not.equal(client.clientSecret)
    expect(await refusal(before.refresh(tokens.refresh_token))).to.equal('invalid_client')
    const after = await relyingParty(renewed, registry.place)
    expect((await after.refresh(tokens.refresh_token)).access_token).to.be.a('string')
    const trail = await jade.send('GET', '/api/v1/auth/audit?type=client.secret_renewed', { headers: registry.headers })
    expect(trail.text).to.include(client.clientID).and.not.include(renewed.clientSecret)

    const { clientID: withoutSecret } = await registry.register({ confidential: false })
    for (const clientID of [withoutSecret, randomUUID()]) expect((await renew(clientID)).status).to.equal(404)
    expect((await renew(client.clientID, bearer(accessToken))).status).to.equal(403)
  })

  it('are for admins alone, and changed only with a fresh second factor', async () => {
    const body = { ...anApp, confidential: true }
    const { accessToken } = await member(jade)
    expect((await send('POST', body, bearer(accessToken))).status).to.equal(403)
    expect((await send('GET', undefined, bearer(accessToken))).status).to.equal(403)
    const { email, refreshToken } = await admin(jade)
    await ageSignIn(jade, email)
    const refreshed = await jade.send('POST', '/api/v1/auth/refresh', { body: { refreshToken } })
    const stale = bearer(refreshed.body?.data?.['accessToken'])
    expect((await send('POST', body, stale)).status).to.equal(401)
    expect((await send('GET', undefined, stale)).status).to.equal(200)
    const renewal = await jade.send('POST', `${CLIENTS}/${randomUUID()}/secret`, { headers: stale })
    expect(renewal.status).to.equal(401)
  })

  it('have exact addresses and known scopes', async () => {
    const wrong = {
      redirectUris: ['https://*.tea.example/'],
      postLogoutRedirectUris: ['http://tea.example/'],
      scopes: ['email'],
    }
    const { status, body } = await send('POST', { ...anApp, ...wrong, confidential: true })
    const fields = body?.errors?.map(({ field }) => field)
    expect([status, fields]).to.deep.equal([400, ['redirectUris.0', 'postLogoutRedirectUris.0', 'scopes']])
    expect((await send('POST', { ...anApp, scopes: ['admin'], confidential: true })).status).to.equal(400)
    expect((await send('POST', { ...anApp, redirectUris: [], confidential: true })).status).to.equal(400)
  })

  async function query(sql: string) {
    const client = new pg.Client({ connectionString: jade.databaseUrl })
    await client.connect()
    return client.query(sql).finally(() => client.end())
  }
})
