import { randomBytes, randomUUID } from 'node:crypto'
import { signConfirmationToken } from '../../lib/confirmation-token.ts'
import { expectAlike } from '../../test/support/alike.ts'
import { runUsers, type Users } from '../../test/support/users.ts'

describe('a forged confirmation', function () {
  this.timeout(120_000)
  let users: Users
  before(async () => {
    users = await runUsers()
  })
  after(() => users.stop())

  it('shows neither in the answer nor in its time whether there is such a member', async () => {
    const member = await users.member()
    const key = randomBytes(32)
    const confirming = async (userID: string, email: string) => {
      const token = await signConfirmationToken({ userID, email, id: randomUUID() }, key)
      return () => users.call<object>('/api/v1/register/confirm', { body: { token, password: 'a lazy pangolin' } })
    }
    await expectAlike({
      one: await confirming(member.userID, member.email),
      other: await confirming(randomUUID(), 'unknown@example.com'),
    })
  })
})
