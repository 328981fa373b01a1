import { expect } from 'chai'
import { type Platform, platform } from '../support/platform.ts'
import { type RelyingParty, refusal, relyingParty } from '../support/relying-party.ts'
import { type AppRegistry, appRegistry } from './apps.ts'
import { member } from './people.ts'

const OFFLINE = { scope: 'openid offline_access', prompt: 'consent' }

describe('the tokens of an app of somebody else, through the gateway', () => {
  let jade: Platform
  let registry: AppRegistry
  let app: RelyingParty
  let person: Awaited<ReturnType<typeof member>>

  before(async function () {
    this.timeout(120_000)
    jade = await platform()
    registry = await appRegistry(jade)
    app = await registry.app()
    person = await member(jade)
  })

  const mine = () => registry.browser(person.accessToken)
  const isActive = async (token: string) => (await app.introspect(token)).active

  it('are for the one who began: not with another verifier, another address or another app', async () => {
    const { url, checks } = await app.begin()
    const callback = await mine().answer(url, true)
    const wrong = { ...checks, pkceCodeVerifier: 'a'.repeat(43) }
    expect(await refusal(app.finish(callback, wrong))).to.equal('invalid_grant')
    const elsewhere = new URL(callback)
    elsewhere.pathname = '/elsewhere'
    expect(await refusal(app.finish(elsewhere, checks))).to.equal('invalid_grant')
    expect(await refusal((await registry.app()).finish(callback, checks))).to.equal('invalid_grant')
    expect((await app.finish(callback, checks)).claims()?.sub).to.equal(person.userID)
  })

  it('are for whoever knows the secret, of apps that have one', async () => {
    const client = await registry.register({ confidential: true })
    const { url, checks } = await (await relyingParty(client, registry.place)).begin()
    const callback = await mine().answer(url, true)
    const { clientSecret: _, ...without } = client
    for (const thief of [{ ...client, clientSecret: 'wrong' }, without]) {
      expect(await refusal((await relyingParty(thief, registry.place)).finish(callback, checks))).to.equal(
        'invalid_client',
      )
    }
  })

  it('end when the code comes a second time', async () => {
    const { callback, checks, tokens } = await app.authorize(mine())
    expect(await isActive(tokens.access_token)).to.equal(true)
    expect(await refusal(app.finish(callback, checks))).to.equal('invalid_grant')
    expect(await isActive(tokens.access_token)).to.equal(false)
  })

  for (const confidential of [true, false])
    it(`are renewed with a token that works once, ${confidential ? 'with' : 'without'} a secret`, async () => {
      const each = await registry.app(confidential)
      const { tokens } = await each.authorize(mine(), OFFLINE)
      const second = await each.refresh(tokens.refresh_token)
      expect(second.refresh_token).not.to.equal(tokens.refresh_token)
      expect(second.claims()?.['auth_time']).to.equal(tokens.claims()?.['auth_time'])
      expect(await refusal(each.refresh(tokens.refresh_token))).to.equal('invalid_grant')
      expect(await refusal(each.refresh(second.refresh_token))).to.equal('invalid_grant')
      expect(await refusal(each.userInfo(second.access_token))).to.equal('invalid_token')
    })

  it('can be looked into by the app that has them, and by no other', async () => {
    const { tokens } = await app.authorize(mine(), OFFLINE)
    const { active, sub, scope, client_id } = await app.introspect(tokens.access_token)
    expect([active, sub, scope]).to.deep.equal([true, person.userID, 'openid offline_access'])
    expect(client_id).to.equal(tokens.claims()?.aud)
    expect(await (await registry.app()).introspect(tokens.access_token)).to.deep.equal({ active: false })
    expect(await isActive('unknown')).to.equal(false)
  })

  it('are for known scopes alone, and for those the app was registered with', async () => {
    const { tokens } = await app.authorize(mine(), { scope: 'openid admin' })
    expect((await app.introspect(tokens.access_token)).scope).to.equal('openid')
    const modest = await relyingParty(
      await registry.register({ confidential: true, scopes: ['openid'] }),
      registry.place,
    )
    const callback = await mine().back((await modest.begin({ scope: 'openid email' })).url)
    expect(callback.searchParams.get('error')).to.equal('invalid_scope')
  })

  it('can be given back, and then all of the grant ends; by another app they cannot', async () => {
    const { tokens } = await app.authorize(mine(), OFFLINE)
    const refreshToken = String(tokens.refresh_token)
    expect(await refusal((await registry.app()).revoke(refreshToken))).to.equal('invalid_request')
    expect(await isActive(tokens.access_token)).to.equal(true)
    await app.revoke(refreshToken)
    expect([await isActive(tokens.access_token), await isActive(refreshToken)]).to.deep.equal([false, false])
    expect(await refusal(app.refresh(refreshToken))).to.equal('invalid_grant')
  })

  it('are told to pages of the app, not to those of others', async () => {
    const { tokens } = await app.authorize(mine())
    const ask = (origin: string) =>
      jade.send('GET', '/oauth2/userinfo', { headers: { origin, authorization: `Bearer ${tokens.access_token}` } })
    const own = await ask('https://tea.example')
    expect([own.status, own.headers['access-control-allow-origin']]).to.deep.equal([200, '*'])
    expect((await ask('https://evil.example')).status).to.equal(400)
  })
})
