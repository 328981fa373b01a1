import { randomBytes } from 'node:crypto'
import { expect } from 'chai'
import { codeOf } from '../test/support/auth.ts'
import { createKeyRing } from './key-ring.ts'
import { createTotp } from './totp.ts'

const ACCOUNT = 'an account'

describe('a TOTP code', function () {
  this.timeout(10_000)
  const totp = createTotp({ keys: createKeyRing({ current: randomBytes(32), old: [] }) })
  const { secret, sealed } = totp.newSecret(ACCOUNT, 'a@shop.test')

  /** What a code of so many steps from now means, to somebody who knows the clock to be `drift` steps off. */
  const match = async (steps: number, drift: number) =>
    totp.match(await codeOf(secret, steps), { ...sealed, drift }, ACCOUNT)

  it('is good for one step either way', async () => {
    const drifts = await Promise.all([-2, -1, 0, 1, 2].map(async (steps) => (await match(steps, 0))?.drift))
    expect(drifts).to.deep.equal([undefined, -1, 0, 1, undefined])
  })

  it('is also good one step either way of where the clock was last', async () => {
    for (const steps of [-1, 0, 1, 2, 3, 4]) expect((await match(steps, 3))?.drift, String(steps)).to.equal(steps)
    for (const steps of [-4, -2, 5]) expect(await match(steps, 3), String(steps)).to.equal(undefined)
  })

  it('does not carry the clock further than two minutes off', async () => {
    expect((await match(5, 4))?.drift).to.equal(4)
    expect((await match(-5, -4))?.drift).to.equal(-4)
  })

  it('tells its step, whatever the drift', async () => {
    const [now, later] = [await match(0, 0), await match(3, 3)]
    expect(later?.step).to.equal((now?.step ?? Number.NaN) + 3)
  })
})
