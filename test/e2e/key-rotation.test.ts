import { expect } from 'chai'
import { decodeProtectedHeader } from 'jose'
import { SCHEMA } from '../../auth/schema.ts'
import { retire } from '../../auth/signing-keys/retire.ts'
import { until } from '../../dev/stack/until.ts'
import { createDb } from '../../lib/db.ts'
import { createLog } from '../../lib/log.ts'
import { type Auth, runAuth, tally } from '../support/auth.ts'
import { type Answer, exchange } from '../support/client.ts'
import { gatewayToBe, type KeyPlace, startKeyPlace } from '../support/signing-keys.ts'
import { bearer } from './people.ts'

const CLIENTS = 6
const WITHIN = 20_000
const AN_HOUR = 3_600_000

const kidOf = (token: string) => String(decodeProtectedHeader(token).kid)

describe('signing keys that change under load', function () {
  this.timeout(120_000)
  let auth: Auth
  let place: KeyPlace
  let load: ReturnType<typeof startLoad>

  before(async () => {
    const { at, env } = await gatewayToBe()
    auth = await runAuth({ nodes: 2, env })
    place = await startKeyPlace(auth, at)
    const { email } = await auth.member()
    const { accessToken = '', refreshToken = '' } = (await auth.logIn(email)).body.data
    load = startLoad({ accessToken, refreshToken })
  })
  after(async () => {
    await load?.stop()
    await place?.stop()
    await auth?.stop()
  })

  interface Tokens {
    accessToken: string
    refreshToken: string
  }

  const ask = (token: string) => exchange(place.proxy, 'GET', '/api/v1/auth/me', { headers: bearer(token) })

  /** Clients that use every token there is, through the gateway, and one that gets ever newer ones from the nodes in turns. */
  function startLoad(first: Tokens) {
    const tokens = new Map([[kidOf(first.accessToken), [first.accessToken]]])
    const answers: Answer[] = []
    let stopped = false
    let failure: unknown
    async function use() {
      for (let at = 0; !stopped; at++) {
        const all = [...tokens.values()].flatMap((ofKey) => ofKey.slice(-2))
        answers.push(await ask(all[at % all.length] as string))
      }
    }
    async function renew() {
      let { refreshToken } = first
      while (!stopped) {
        const { status, body } = await auth.post('refresh', { refreshToken })
        expect(status).to.equal(200)
        const { accessToken = '', refreshToken: next = '' } = body.data
        tokens.set(kidOf(accessToken), [...(tokens.get(kidOf(accessToken)) ?? []), accessToken])
        refreshToken = next
      }
    }
    const running = [renew(), ...Array.from({ length: CLIENTS }, use)].map((client) =>
      client.catch((error) => {
        failure ??= error
      }),
    )
    return {
      tokens,
      /** So many more requests, after those under way. */
      async goOn(requests: number) {
        const enough = answers.length + CLIENTS + requests
        await until(() => failure ?? answers.length >= enough, { within: WITHIN, what: `${requests} requests` })
      },
      /** As a client whose tokens of this key have all expired. */
      forget: (kid: string) => tokens.delete(kid),
      verdict() {
        if (failure) throw failure
        return Object.keys(tally(answers))
      },
      async stop() {
        stopped = true
        await Promise.all(running)
      },
    }
  }

  const published = async () => {
    const { text } = await exchange(place.proxy, 'GET', '/.well-known/jwks.json')
    return (JSON.parse(text) as { keys: { kid: string }[] }).keys.map(({ kid }) => kid)
  }

  const keys = (method: string, path: string, token: string) =>
    exchange(place.proxy, method, `/api/v1/auth/keys${path}`, { headers: bearer(token) })

  /** Who has shown a second factor just now. */
  async function holder(roles: string[]): Promise<string> {
    const { userID, email } = await auth.member({ roles })
    const { code } = await auth.withSecondFactor(userID)
    const { body } = await auth.post('mfa/verify', { mfaToken: await auth.mfaToken(email), code: await code() })
    return String(body.data['accessToken'])
  }

  async function byCommand(): Promise<void> {
    const { code, said } = await place.keys(['rotate'])
    expect(code, said).to.equal(0)
  }

  async function overHTTP(): Promise<void> {
    const { status, text } = await keys('POST', '/rotate', await holder(['admin']))
    expect(status, text).to.equal(200)
  }

  it('no request is refused while they are rotated, by command and over HTTP, with tokens of all keys in use', async () => {
    for (const rotate of [byCommand, overHTTP]) {
      await load.goOn(200)
      const next = (await place.standings()).find(({ state }) => state === 'next')?.key.kid as string
      expect(await published(), 'who caches the set knows a key before it signs').to.include(next)
      await rotate()
      await until(() => (load.tokens.get(next)?.length ?? 0) > 4, { within: WITHIN, what: 'tokens of the new key' })
      await load.goOn(200)
      expect(load.verdict()).to.deep.equal(['200'])
    }
    expect(load.tokens.size).to.equal(3)
    expect(await published())
      .to.have.length(4)
      .and.to.include.members([...load.tokens.keys()])
  })

  it('are for staff to look at, and for admins alone to change', async () => {
    const [staff, member] = [await holder(['staff']), await holder([])]
    expect((await keys('GET', '', staff)).status).to.equal(200)
    for (const path of ['/rotate', '/retire']) {
      expect((await keys('POST', path, staff)).status).to.equal(403)
      expect((await keys('POST', path, member)).status).to.equal(403)
    }
    expect((await keys('GET', '', member)).status).to.equal(403)
    expect((await exchange(place.proxy, 'POST', '/api/v1/auth/keys/rotate', {})).status).to.equal(401)
  })

  it('every node signs with the new key', async () => {
    const { email } = await auth.member()
    const logins = [await auth.logIn(email), await auth.logIn(email)]
    const signing = (await place.standings()).find(({ state }) => state === 'signing')?.key.kid
    expect(logins.map(({ body }) => kidOf(String(body.data['accessToken'])))).to.deep.equal([signing, signing])
  })

  it('no request is refused while keys whose tokens have expired are retired; a token of such a key is, for good', async () => {
    const [first, second] = [...load.tokens.keys()] as [string, string]
    const stale = load.tokens.get(first)?.[0] as string
    expect((await ask(stale)).status).to.equal(200)
    for (const kid of [first, second]) load.forget(kid)
    await load.goOn(200)
    await retireAfter(AN_HOUR)
    await load.goOn(200)
    expect(load.verdict()).to.deep.equal(['200'])
    expect((await ask(stale)).status).to.equal(401)
    expect((await ask(stale)).text).to.include('No credentials found')
    await until(async () => !(await published()).includes(first), { within: WITHIN, what: 'the set without it' })
    expect(await place.running()).to.deep.equal(await place.declared())
    expect(await place.running()).to.have.length(2)
  })

  async function retireAfter(milliseconds: number): Promise<void> {
    const { folder, declaration, admin, proxy } = place
    const db = createDb({ url: auth.databaseURL, schema: SCHEMA, log: createLog({ service: 'test', level: 'error' }) })
    const now = () => new Date(Date.now() + milliseconds)
    const parts = { db, folder, declaration, admin: { url: admin, token: undefined }, nodes: [proxy], now }
    try {
      expect(await retire(parts, { force: false })).to.have.length(2)
    } finally {
      await db.destroy()
    }
  }
})
