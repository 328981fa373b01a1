import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import { createDb } from '../lib/db.ts'
import { createLog } from '../lib/log.ts'
import { type Auth, runAuth } from '../test/support/auth.ts'
import { SCHEMA } from './schema.ts'
import { createSweep } from './sweep.ts'

const TABLES = ['sessions', 'refresh_tokens', 'mfa_tokens', 'revocations', 'attempts']

describe('sweep', () => {
  let auth: Auth
  before(async function () {
    this.timeout(60_000)
    auth = await runAuth()
  })
  after(() => auth.stop())

  async function sweepOnce() {
    const log = createLog({ service: SCHEMA, level: 'error' })
    const db = createDb({ url: auth.databaseURL, schema: SCHEMA, log })
    const sweep = createSweep({ db, log })
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
    await auth.logIn(`${randomUUID()}@example.com`)
    await sweepOnce()
    // Failures are left of the wrong login only: its address and its account.
    expect(await counts()).to.deep.equal([1, 1, 1, 1, 2])

    for (const table of TABLES.slice(0, -1))
      await auth.query(`update ${table} set expires_at = now() - interval '1 second'`)
    await auth.query(`update attempts set failed_at = array(select a - interval '1 day' from unnest(failed_at) a)`)
    await sweepOnce()
    expect(await counts()).to.deep.equal([0, 0, 0, 0, 0])
  })
})
