import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import { type Platform, platform } from '../support/platform.ts'
import { refusal, relyingParty } from '../support/relying-party.ts'
import { type AppRegistry, anApp, appRegistry, CLIENTS } from './apps.ts'
import { bearer, member, staleAdmin } from './people.ts'

const CALLBACK = 'https://moved.example/callback'

describe('what an app of somebody else is registered with, through the gateway', () => {
  let jade: Platform
  let registry: AppRegistry

  before(async function () {
    this.timeout(120_000)
    jade = await platform()
    registry = await appRegistry(jade)
  })

  const read = (clientID: string) => jade.send('GET', `${CLIENTS}/${clientID}`, { headers: registry.headers })
  const change = (clientID: string, body: object, headers: Record<string, string> = registry.headers) =>
    jade.send('PATCH', `${CLIENTS}/${clientID}`, { headers, body })

  it('is changed in what is named, and the rest stays', async () => {
    const { clientID } = await registry.register({ confidential: true })
    const { status, body, headers, text } = await change(clientID, { name: 'White Coffee House' })
    const expected = { ...anApp, clientID, name: 'White Coffee House', confidential: true }
    expect(status).to.equal(200)
    expect(body?.data).to.deep.include(expected)
    expect(text).not.to.include('ecret')
    const now = await read(clientID)
    expect(now.body?.data).to.deep.equal(body?.data)
    expect(now.headers['etag']).to.equal(headers['etag'])
    const trail = await jade.send('GET', '/api/v1/auth/audit?type=client.changed', { headers: registry.headers })
    expect(trail.text).to.include(clientID)
  })

  it('is changed in the version alone that If-Match names, and is none other by a change that changes nothing', async () => {
    const { clientID } = await registry.register({ confidential: true })
    const etag = String((await read(clientID)).headers['etag'])
    const matching = { ...registry.headers, 'if-match': etag }
    expect((await change(clientID, { name: anApp.name }, matching)).headers['etag']).to.equal(etag)
    expect((await change(clientID, { name: 'Younger' }, matching)).status).to.equal(200)
    expect((await change(clientID, { name: 'Youngest' }, matching)).status).to.equal(412)
    expect((await read(clientID)).body?.data?.['name']).to.equal('Younger')
    const again = { ...registry.headers, 'if-none-match': String((await read(clientID)).headers['etag']) }
    expect((await jade.send('GET', `${CLIENTS}/${clientID}`, { headers: again })).status).to.equal(304)
  })

  it('is in force at once: codes go to the new address, and no more to the old one', async () => {
    const client = await registry.register({ confidential: true })
    const { accessToken } = await member(jade)
    const before = await relyingParty(client, registry.place)
    const waiting = registry.browser(accessToken)
    const { id } = await waiting.arrive((await before.begin()).url)
    await change(client.clientID, { redirectUris: [CALLBACK] })
    expect((await waiting.interaction({ id, approved: true })).code).to.equal('INTERACTION_OVER')
    expect((await registry.browser(accessToken).visit((await before.begin()).url)).status).to.equal(400)
    const after = await relyingParty({ ...client, redirectUris: [CALLBACK] }, registry.place)
    expect((await after.authorize(registry.browser(accessToken))).callback.href).to.include(CALLBACK)
  })

  it('ends what the app was granted beyond the scopes that it has now, and no more', async () => {
    const client = await registry.register({ confidential: true })
    const app = await relyingParty(client, registry.place)
    const allow = async (scope: string) => {
      const browser = registry.browser((await member(jade)).accessToken)
      return (await app.authorize(browser, { scope, prompt: 'consent' })).tokens
    }
    const [much, little] = [await allow('openid email offline_access'), await allow('openid offline_access')]
    await change(client.clientID, { scopes: ['openid', 'offline_access', 'phone'] })
    expect(await refusal(app.refresh(much.refresh_token))).to.equal('invalid_grant')
    expect(await refusal(app.userInfo(much.access_token))).to.equal('invalid_token')
    expect((await app.refresh(little.refresh_token)).access_token).to.be.a('string')
    const refused = await registry.browser().back((await app.begin({ scope: 'openid email' })).url)
    expect(refused.searchParams.get('error')).to.equal('invalid_scope')
  })

  it('is judged as at the registration, and does not say whether there is a secret', async () => {
    const { clientID } = await registry.register({ confidential: true })
    const wrong = { redirectUris: ['https://*.tea.example/'], scopes: ['email'] }
    const { status, body } = await change(clientID, wrong)
    expect([status, body?.errors?.map(({ field }) => field)]).to.deep.equal([400, ['redirectUris.0', 'scopes']])
    for (const faulty of [{}, { confidential: false }, { redirectUris: [] }, { name: 'x' }])
      expect((await change(clientID, faulty)).status, JSON.stringify(faulty)).to.equal(400)
    expect((await read(clientID)).body?.data).to.deep.include(anApp)
  })

  it('is for admins to change, with a fresh second factor, and of apps that there are', async () => {
    const { clientID } = await registry.register({ confidential: true })
    const name = 'Not Yours'
    expect((await change(clientID, { name }, bearer((await member(jade)).accessToken))).status).to.equal(403)
    expect((await change(clientID, { name }, bearer((await staleAdmin(jade)).accessToken))).status).to.equal(401)
    expect((await jade.send('GET', `${CLIENTS}/${clientID}`)).status).to.equal(401)
    expect([(await change(randomUUID(), { name })).status, (await read(randomUUID())).status]).to.deep.equal([404, 404])
    expect((await read(clientID)).body?.data?.['name']).to.equal(anApp.name)
  })
})
