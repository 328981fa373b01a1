import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import { until } from '../../dev/stack/until.ts'
import { onEach } from '../../lib/bus/consumer.ts'
import type { EventKind } from '../../lib/bus/event.ts'
import { type BusNode, busNode, newKind, type Thing } from '../../test/support/bus-node.ts'
import { type Operations, runOperations } from '../../test/support/operations.ts'
import type { BusStatus } from './bus-status.ts'

describe('the bus as operations shows it', function () {
  this.timeout(60_000)
  const service = `service-${randomUUID()}`
  let operations: Operations
  let node: BusNode
  let kind: EventKind<string, Thing>

  before(async () => {
    operations = await runOperations({ services: `${service}=http://127.0.0.1:9` })
    kind = newKind()
    node = await busNode({ kinds: [kind] })
  })
  after(async () => {
    await node?.close()
    await operations?.stop()
  })

  const status = async () => (await operations.ask<BusStatus>('bus')).body.data
  const group = async (name = service) => (await status()).groups.find(({ group }) => group === name)
  const publish = (count: number) =>
    node.publisher.publish(Array.from({ length: count }, (_, n) => kind.of({ id: `key-${n}`, n })))

  it('says how far a group is behind, also when the service is gone, and nothing of other groups', async () => {
    expect(await group()).to.equal(undefined)
    const seen: number[] = []
    const consumer = await node.consume([onEach(kind, async ({ data }) => void seen.push(data.n))], service)
    await publish(4)
    await until(async () => seen.length === 4 && (await group())?.lag === 0, { within: 15_000, what: 'all is handled' })
    expect(await group()).to.include({ members: 1 })
    await consumer.stop()
    await publish(6)
    await until(async () => (await group())?.members === 0, { within: 15_000, what: 'the member has left' })
    expect(await group()).to.deep.equal({ group: service, members: 0, lag: 6, topics: [{ topic: kind.type, lag: 6 }] })
    const names = (await status()).groups.map(({ group }) => group)
    expect(
      names.every((name) => [service, `${service}.retry`].includes(name)),
      String(names),
    ).to.equal(true)
  })

  it('counts a first event that is never done, of which nothing was ever committed', async () => {
    const stuck = newKind()
    const other = await busNode({ kinds: [stuck] })
    const { promise: released, resolve: release } = Promise.withResolvers<void>()
    try {
      await other.consume([onEach(stuck, () => released)], service)
      await other.publisher.publish(stuck.of({ id: 'first', n: 1 }))
      const lag = async () => (await group())?.topics.find(({ topic }) => topic === stuck.type)?.lag
      await until(async () => (await lag()) === 1, { within: 15_000, what: 'it is counted' })
    } finally {
      release()
      await other.close()
    }
  })

  it('counts dead letters by the topic they came from', async () => {
    const message = { key: 'k', value: 'x', headers: {} }
    await node.publisher.send([1, 2].map(() => ({ ...message, topic: `${kind.type}.dlq` })))
    expect((await status()).deadLetters).to.deep.include({ topic: kind.type, count: 2 })
  })
})
