import { expect } from 'chai'
import { newDb, newKind, type TestDb } from '../../test/support/bus-node.ts'
import { stack } from '../../test/support/stack.ts'
import { type Event, stamp } from './event.ts'
import { admit, prune } from './inbox.ts'

const kind = newKind()

function newEvent(): Event {
  const data = { id: 'a', n: 1 }
  return { ...stamp(kind.of(data)), source: '/test', data }
}

describe('inbox', () => {
  let database: TestDb

  before(async () => {
    const { postgres } = await stack('postgres')
    database = await newDb(postgres)
  })
  after(() => database.db.destroy())

  const admitted = (events: Event[], consumer = 'users') =>
    database.db.transaction(async (trx) => (await admit(trx, consumer, events)).map(({ id }) => id))

  it('admits an event once, also when one delivery holds it twice', async () => {
    const [first, second] = [newEvent(), newEvent()]
    expect(await admitted([first, first])).to.deep.equal([first.id])
    expect(await admitted([first, second])).to.deep.equal([second.id])
  })

  it('keeps the order of the delivery', async () => {
    const events = Array.from({ length: 100 }, newEvent)
    expect(await admitted(events)).to.deep.equal(events.map(({ id }) => id))
  })

  it('admits an event once for each consumer group', async () => {
    const event = newEvent()
    expect(await admitted([event], 'users')).to.deep.equal([event.id])
    expect(await admitted([event], 'audit')).to.deep.equal([event.id])
  })

  it('admits an event again when the transaction that had it is rolled back', async () => {
    const event = newEvent()
    const trx = await database.db.transaction()
    await admit(trx, 'users', [event])
    const waiting = admitted([event])
    await trx.rollback()
    expect(await waiting).to.deep.equal([event.id])
  })

  it('lets one of two nodes handle an event that both have in hand', async () => {
    const event = newEvent()
    const trx = await database.db.transaction()
    await admit(trx, 'users', [event])
    const waiting = admitted([event])
    await trx.commit()
    expect(await waiting).to.deep.equal([])
  })

  it('lets two nodes have the same events in a different order without waiting for each other', async () => {
    const events = Array.from({ length: 200 }, newEvent)
    const both = await Promise.all([admitted(events), admitted(events.toReversed())])
    expect(both.flat().toSorted()).to.deep.equal(events.map(({ id }) => id).toSorted())
  })

  it('forgets what is older than Kafka keeps messages, and nothing else', async () => {
    const [old, recent] = [newEvent(), newEvent()]
    await admitted([old, recent])
    await database.db.raw(`update inbox set handled_at = now() - interval '15 days' where id = ?`, [old.id])
    await prune(database.db)
    expect(await admitted([old, recent])).to.deep.equal([old.id])
  })
})
