import { randomBytes, randomUUID } from 'node:crypto'
import { expect } from 'chai'
import { createDb } from '../lib/db.ts'
import { createLog } from '../lib/log.ts'
import { type Auth, runAuth } from '../test/support/auth.ts'
import { createKeyRing, type SealedSecret } from './key-ring.ts'
import { SCHEMA } from './schema.ts'
import { createSweep } from './sweep.ts'

const TABLES = ['sessions', 'refresh_tokens', 'mfa_tokens', 'revocations', 'devices', 'attempts']

describe('sweep', () => {
  const [first, second] = [randomBytes(32), randomBytes(32)]
  let auth: Auth
  before(async function () {
    this.timeout(60_000)
    auth = await runAuth({ env: { TOTP_KEY: first.toString('base64') } })
  })
  after(() => auth.stop())

  async function sweepOnce(keys = createKeyRing({ current: randomBytes(32), old: [] })) {
    const log = createLog({ service: SCHEMA, level: 'error' })
    const db = createDb({ url: auth.databaseURL, schema: SCHEMA, log })
    const sweep = createSweep({ db, keys, log })
    await sweep.start?.()
    await sweep.stop?.()
    await db.destroy()
  }

  const counts = () => Promise.all(TABLES.map(async (table) => (await auth.query(`select from ${table}`)).length))

  it('removes what has expired, and nothing before', async () => {
    const [member, admin] = [await auth.member(), await auth.member({ roles: ['admin'] })]
    const { refreshToken } = (await auth.logIn(member.email)).body.data
    await auth.post('logout', { refreshToken })
    await auth.mfaToken(admin.email)
    await auth.query(
      `insert into devices (id, account_id, hash, device, address, expires_at)
       values (gen_random_uuid(), $1, '', 'Chrome', '10.0.0.1', now() + interval '1 day')`,
      [member.userID],
    )
    await auth.logIn(`${randomUUID()}@example.com`)
    await sweepOnce()
    // Failures are left of the wrong login only: its address and its account.
    expect(await counts()).to.deep.equal([1, 1, 1, 1, 1, 2])

    for (const table of TABLES.slice(0, -1))
      await auth.query(`update ${table} set expires_at = now() - interval '1 second'`)
    await auth.query(`update attempts set failed_at = array(select a - interval '1 day' from unnest(failed_at) a)`)
    await sweepOnce()
    expect(await counts()).to.deep.equal([0, 0, 0, 0, 0, 0])
  })

  it('seals under the current key what an old one has sealed, so that it is needed no more', async () => {
    const { userID } = await auth.member()
    const { secret } = await auth.withSecondFactor(userID)
    const sealed = () =>
      auth.query<SealedSecret>('select sealed_secret, key_id from totp where account_id = $1', [userID])
    const before = await sealed()
    await sweepOnce(createKeyRing({ current: second, old: [] }))
    expect(await sealed()).to.deep.equal(before)
    await sweepOnce(createKeyRing({ current: second, old: [first] }))
    const [after] = await sealed()
    expect(createKeyRing({ current: second, old: [] }).open(after as SealedSecret, userID)).to.equal(secret)
  })
})
