import { expect } from 'chai'
import { Unavailable } from '../../lib/errors.ts'
import { createReadRoles } from './roles.ts'

describe('the roles of an account', () => {
  const failure = (status: number, body: string) =>
    createReadRoles(async () => ({ status, body }))('an id').catch((error) => error)

  it('are unknown for now where something else answers in the place of auth', async () => {
    expect(await failure(502, '<html>Bad Gateway</html>')).to.be.instanceOf(Unavailable)
    expect(await failure(404, '{"message":"no Route matched with those values"}')).to.be.instanceOf(Unavailable)
    expect(await failure(200, '')).to.be.instanceOf(Unavailable)
  })
})
