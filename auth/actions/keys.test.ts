import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import { type Auth, runAuth, tally } from '../../test/support/auth.ts'
import { freePort } from '../../test/support/ports.ts'
import { type Answer, runService } from '../../test/support/run-service.ts'
import { gatewayToBe, type KeyPlace, startKeyPlace } from '../../test/support/signing-keys.ts'
import { stallingRelay } from '../../test/support/stalling-relay.ts'
import { start } from '../main.ts'

interface Body {
  code: string
  message: string
  data: { kid: string; state: string; since: string; retirableFrom: string | null }[]
}

const PATH = '/api/v1/auth/keys'
const AN_HOUR = 3_600_000

describe('signing keys, over HTTP', function () {
  this.timeout(60_000)
  let auth: Auth
  let place: KeyPlace
  const adminID = randomUUID()

  before(async () => {
    const { at, env } = await gatewayToBe()
    auth = await runAuth({ nodes: 2, env })
    place = await startKeyPlace(auth, at)
  })
  after(async () => {
    await place?.stop()
    await auth?.stop()
  })

  const list = async () => (await auth.call<Body>(PATH)).body.data
  const kidOf = async (state: string) => (await list()).find((key) => key.state === state)?.kid
  const headers = { 'x-user-id': adminID, 'x-request-id': 'one' }
  /** On the nodes in turns. */
  const change = (how: string, body?: object) =>
    auth.post(`keys/${how}`, body, headers) as unknown as Promise<Answer<Body>>
  const audited = (event: string, kid: string | undefined) =>
    auth.query('select actor_id, request_id from audit where event = $1 and kid = $2', [event, kid])

  type Node = Pick<Auth, 'call'> & { rotate(): Promise<Answer<Body>> }

  /** A further node, told something else of the gateway. */
  async function onNodeThatKnows<Result>(env: NodeJS.ProcessEnv, work: (node: Node) => Promise<Result>) {
    const node = await runService(start, { ...auth.env, ...env })
    try {
      await node.ready()
      return await work({ ...node, rotate: () => node.call<Body>(`${PATH}/rotate`, { method: 'POST', headers }) })
    } finally {
      await node.stop()
    }
  }

  it('are listed as the command lists them, without anything private', async () => {
    await change('rotate')
    expect(await list()).to.deep.equal(JSON.parse((await place.keys(['list', '--json'])).said))
    expect((await list()).map(({ state }) => state)).to.have.members(['verifying', 'signing', 'next'])
    for (const key of await list()) expect(key).to.have.all.keys('kid', 'state', 'since', 'retirableFrom')
  })

  it('are rotated, to where the gateway is as declared, and the audit log says who did it', async () => {
    const [signing, next] = [await kidOf('signing'), await kidOf('next')]
    const { status, body } = await change('rotate', { signing })
    expect(status, body.message).to.equal(200)
    expect(body.data).to.deep.equal(await list())
    expect(await kidOf('signing')).to.equal(next)
    expect(await place.running()).to.deep.equal(await place.declared())
    expect(await audited('key.rotated', next)).to.deep.equal([{ actor_id: adminID, request_id: 'one' }])
  })

  it('are rotated once where two admins press at once, and for nobody who saw other keys', async () => {
    const [signing, next] = [await kidOf('signing'), await kidOf('next')]
    const both = await Promise.all([change('rotate', { signing }), change('rotate', { signing })])
    expect(tally(both)).to.deep.equal({ 200: 1, 409: 1 })
    expect(both.find(({ status }) => status === 409)?.body.code).to.be.oneOf(['KEYS_BUSY', 'OTHER_KEY_SIGNS'])
    const { status, body } = await change('rotate', { signing })
    expect([status, body.code]).to.deep.equal([409, 'OTHER_KEY_SIGNS'])
    expect(await kidOf('signing')).to.equal(next)
  })

  it('are retired when their last token has expired, not before, and the audit log says who did it', async () => {
    const refused = await change('retire')
    expect([refused.status, refused.body.code]).to.deep.equal([409, 'KEY_STILL_NEEDED'])
    expect(refused.body.message).to.match(/^\S{43} verifies tokens until 20\S+Z: retire it then/)
    for (const key of await place.folder.read()) {
      if (key.signingSince) await place.folder.save({ ...key, signingSince: new Date(+key.signingSince - AN_HOUR) })
    }
    const expired = await kidOf('expired')
    const { status, body } = await change('retire')
    expect([status, body.message]).to.deep.equal([200, 'Keys retired'])
    expect(body.data.map(({ state }) => state)).to.deep.equal(['signing', 'next'])
    expect(await place.running()).to.deep.equal(await place.declared())
    expect(await audited('key.retired', expired)).to.deep.equal([{ actor_id: adminID, request_id: 'one' }])
    expect((await change('retire')).body.message).to.equal('No key to retire')
  })

  it('stay as they are while the Admin API or a node of the gateway is away', async () => {
    const before = await list()
    const away = `http://127.0.0.1:${await freePort()}`
    for (const env of [{ GATEWAY_ADMIN_URL: away }, { GATEWAY_NODES: `${place.proxy},${away}` }]) {
      const { status, headers, body } = await onNodeThatKnows(env, ({ rotate }) => rotate())
      expect([status, body.code, headers.get('retry-after')]).to.deep.equal([503, 'UNAVAILABLE', '5'])
      expect(body.message).not.to.include(away)
    }
    expect(await list()).to.deep.equal(before)
  })

  it('are for the command alone to change where auth is told of no Admin API', async () => {
    await onNodeThatKnows({ GATEWAY_ADMIN_URL: undefined }, async ({ call, rotate }) => {
      const { status, body } = await rotate()
      expect([status, body.code]).to.deep.equal([409, 'NO_ADMIN_API'])
      expect((await call<Body>(PATH)).body.data).to.deep.equal(await list())
    })
  })

  it('a rotation that hangs does not keep a node from stopping, and the next call ends what it began', async () => {
    const next = await kidOf('next')
    const relay = await stallingRelay(place.admin, { method: 'GET', count: 2, when: 'before' })
    const { pressed, asked } = await onNodeThatKnows({ GATEWAY_ADMIN_URL: relay.url }, async ({ rotate }) => {
      const pressed = rotate()
      await relay.stalled
      return { pressed, asked: Date.now() }
    })
    expect(Date.now() - asked, 'milliseconds to stop').to.be.below(5_000)
    expect((await pressed).status).to.equal(503)
    await relay.close()
    expect([await kidOf('signing'), await audited('key.rotated', next)]).to.deep.equal([next, []])
    expect((await change('rotate', { signing: next })).status).to.equal(200)
    expect([await kidOf('signing'), (await audited('key.rotated', next)).length]).to.deep.equal([next, 1])
    expect(await place.running()).to.deep.equal(await place.declared())
  })

  it('are not changed by what nobody understands', async () => {
    for (const body of [{ force: true }, { signing: 1 }]) {
      expect((await change('rotate', body)).status).to.equal(400)
    }
  })
})
