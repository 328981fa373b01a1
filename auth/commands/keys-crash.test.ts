import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { expect } from 'chai'
import { type KeyPlace, startKeyPlace } from '../../test/support/signing-keys.ts'
import { type Stall, stallingRelay } from '../../test/support/stalling-relay.ts'
import { knownEverywhere } from '../signing-keys/known-everywhere.ts'
import { signingKeyOf } from '../signing-keys/standing.ts'

const COMMAND = join(import.meta.dirname, 'keys.ts')

describe('keys, killed on the way', function () {
  this.timeout(60_000)
  let place: KeyPlace

  before(async () => {
    place = await startKeyPlace()
  })
  after(() => place.stop())

  /** Runs the command until it reaches the stall at the Admin API or at the node it asks, and kills it there. */
  async function killed(args: string[], variable: 'GATEWAY_ADMIN_URL' | 'GATEWAY_NODES', stall: Stall): Promise<void> {
    const relay = await stallingRelay(place.env[variable], stall)
    const env = { ...place.env, [variable]: relay.url }
    const child = spawn(process.execPath, [COMMAND, ...args], { env, stdio: 'ignore' })
    const exit = once(child, 'exit')
    await Promise.race([relay.stalled, exit.then(() => Promise.reject(new Error('it came to its end')))])
    child.kill('SIGKILL')
    await exit
    await relay.close()
    const signing = signingKeyOf(await place.folder.read())
    if (signing) await knownEverywhere(signing, [place.proxy], { authRuns: true })
  }

  async function states(): Promise<Record<string, string>> {
    return Object.fromEntries((await place.standings()).map(({ key, state }) => [key.kid, state]))
  }

  const audited = async (of: string) =>
    (await place.audited()).filter(({ kid }) => kid === of).map(({ event }) => event)
  const kidOf = async (state: string) => String(Object.entries(await states()).find(([, its]) => its === state)?.[0])

  const stops: Record<string, ['GATEWAY_ADMIN_URL' | 'GATEWAY_NODES', Stall]> = {
    'before it has asked the gateway anything': ['GATEWAY_ADMIN_URL', { method: 'GET', count: 1, when: 'before' }],
    'while it asks whether the new key is accepted': ['GATEWAY_NODES', { method: 'GET', count: 7, when: 'before' }],
    'when auth signs with the new key': ['GATEWAY_ADMIN_URL', { method: 'GET', count: 2, when: 'before' }],
    'before the gateway knows the next key': ['GATEWAY_ADMIN_URL', { method: 'POST', count: 1, when: 'before' }],
    'when the gateway knows the next key': ['GATEWAY_ADMIN_URL', { method: 'POST', count: 1, when: 'after' }],
  }
  for (const [when, [variable, stall]] of Object.entries(stops))
    it(`rotate, ${when}: the key that signs is accepted, and the next run ends what it began`, async () => {
      const [first, second] = [await kidOf('signing'), await kidOf('next')]
      await killed(['rotate'], variable, stall)
      expect((await place.keys(['rotate'])).said).to.include(`signs with ${second} from now on`)
      expect((await states())[first]).to.equal('verifying')
      expect(await kidOf('signing')).to.equal(second)
      expect(Object.values(await states()).filter((state) => state === 'next')).to.have.length(1)
      expect(await place.running()).to.deep.equal(await place.declared())
      expect(await audited(second)).to.deep.equal(['key.rotated'])
    })

  for (const when of ['before', 'after'] as const)
    it(`retire, ${when} the gateway has let go of the key: the next run ends it`, async () => {
      await place.keys(['rotate'])
      const retired = await kidOf('verifying')
      await killed(['retire', '--force'], 'GATEWAY_ADMIN_URL', { method: 'DELETE', count: 1, when })
      expect((await place.keys(['retire'])).code).to.equal(0)
      expect(Object.values(await states()).sort()).to.deep.equal(['next', 'signing'])
      expect(await place.running()).to.deep.equal(await place.declared())
      expect(await place.running()).to.have.length(2)
      expect((await audited(retired)).filter((event) => event === 'key.retired')).to.have.length(1)
    })
})
