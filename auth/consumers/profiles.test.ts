import { expect } from 'chai'
import { until } from '../../dev/stack/until.ts'
import { userCreated, userDeleted, userUpdated } from '../../services/users/events.ts'
import { type Auth, runAuth } from '../../test/support/auth.ts'

describe('what apps may be told of a member', () => {
  let auth: Auth
  before(async function () {
    this.timeout(60_000)
    auth = await runAuth()
  })
  after(() => auth.stop())

  const phoneNumber = '+66812345678'
  const nameOf = async (userID: string) => {
    const [row] = await auth.query<{ name: string }>('select name from profiles where account_id = $1', [userID])
    return row?.name
  }
  const becomes = (userID: string, name: string | undefined) =>
    until(async () => (await nameOf(userID)) === name, { within: 10_000, what: `the name ${name}` })

  it('follows the member, and is not set back by what arrives late', async () => {
    const { userID, email } = await auth.member()
    await auth.bus.publish(userCreated.of({ userID, email, name: 'Mali', phoneNumber }))
    await becomes(userID, 'Mali')
    const updated = (name: string, version: number) =>
      userUpdated.of({ userID, email, phoneNumber, name, version, status: 'confirmed' })
    await auth.bus.publish(updated('Mali Suk', 3))
    await becomes(userID, 'Mali Suk')
    const witness = await auth.member()
    await auth.bus.publish(updated('Mali S.', 2), userCreated.of({ userID, email, name: 'Mali', phoneNumber }))
    await auth.bus.publish(userUpdated.of({ ...witness, phoneNumber, name: 'Chai', version: 2, status: 'confirmed' }))
    await becomes(witness.userID, 'Chai')
    expect(await nameOf(userID)).to.equal('Mali Suk')
  })

  it('is forgotten with the member, with whatever was granted, and does not come back', async () => {
    const { userID, email } = await auth.member()
    await auth.bus.publish(userCreated.of({ userID, email, name: 'Mali', phoneNumber }))
    await becomes(userID, 'Mali')
    await auth.query(
      `insert into oidc_artifacts (model, hash, payload, account_id, expires_at) values ('Session', '', '{}', $1, 'infinity')`,
      [userID],
    )
    await auth.bus.publish(userDeleted.of({ userID }))
    await becomes(userID, undefined)
    expect(await auth.query('select from oidc_artifacts where account_id = $1', [userID])).to.deep.equal([])
    const witness = await auth.member()
    await auth.bus.publish(userCreated.of({ userID, email, name: 'Mali', phoneNumber }))
    await auth.bus.publish(userCreated.of({ ...witness, name: 'Chai', phoneNumber }))
    await becomes(witness.userID, 'Chai')
    expect(await nameOf(userID)).to.equal(undefined)
  })
})
