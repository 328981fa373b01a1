import { expect } from 'chai'
import { freePort } from '../../test/support/ports.ts'
import { type KeyPlace, startKeyPlace } from '../../test/support/signing-keys.ts'
import { knownEverywhere } from './known-everywhere.ts'
import { newSigningKey, type SigningKey } from './signing-key.ts'

describe('whether a key is known everywhere', function () {
  this.timeout(60_000)
  let place: KeyPlace
  let waiting: SigningKey

  before(async () => {
    place = await startKeyPlace()
    waiting = (await place.standings()).find(({ state }) => state === 'next')?.key as SigningKey
  })
  after(() => place.stop())

  const verdict = (key: SigningKey, { nodes = [place.proxy], authRuns = true } = {}) =>
    knownEverywhere(key, nodes, { authRuns, patience: 0 }).then(
      () => 'known',
      (error: Error) => error.message,
    )

  it('it is when the gateway verifies it and auth publishes it', async () => {
    expect(await verdict(waiting)).to.equal('known')
  })

  it('it is not while the gateway does not have it', async () => {
    expect(await verdict(await newSigningKey(new Date()))).to.include(
      'does not know the new key yet (No credentials found',
    )
  })

  it('it is not where the gateway has another key under its name', async () => {
    const { kid } = waiting
    expect(await verdict({ ...(await newSigningKey(new Date())), kid })).to.include('(Invalid signature)')
  })

  it('it is not while auth does not publish it, unless auth does not run yet', async () => {
    place.keySet.publishing = false
    expect(await verdict(waiting)).to.include('(auth does not publish it)')
    expect(await verdict(waiting, { authRuns: false })).to.equal('known')
    place.keySet.publishing = true
  })

  it('it is not while one of the nodes is away', async () => {
    const away = `http://127.0.0.1:${await freePort()}`
    expect(await verdict(waiting, { nodes: [place.proxy, away] })).to.include(`no gateway at ${away}`)
  })
})
