import { expect } from 'chai'
import { type BusNode, busNode, newDb, newKind, type TestDb } from '../../test/support/bus-node.ts'
import { freePort } from '../../test/support/ports.ts'
import { stack } from '../../test/support/stack.ts'
import { createDb } from '../db.ts'
import { createLog } from '../log.ts'
import { createMetrics } from '../metrics.ts'
import { on } from './consumer.ts'
import { measureBus } from './gauges.ts'
import { outbox } from './outbox.ts'

describe('the metrics of a service on the bus', () => {
  const kind = newKind()
  let database: TestDb
  let node: BusNode

  before(async () => {
    const { postgres } = await stack('kafka', 'postgres')
    database = await newDb(postgres)
    node = await busNode({ kinds: [kind], ...database })
  })
  after(async () => {
    await node.close()
    await database.db.destroy()
  })

  const consume = () => node.consume([on(kind, () => Promise.resolve([]))])

  it('say how many events it has yet to handle, and how many have yet to leave it', async () => {
    const metrics = createMetrics('things')
    measureBus(metrics, { consumer: await consume(), db: database.db })
    await database.db.transaction((trx) => outbox.add(trx, [kind.of({ id: 'a', n: 1 }), kind.of({ id: 'a', n: 2 })]))
    const text = await metrics.metrics()
    expect(text).to.match(/^bus_consumer_lag_events\{service="things"\} 0$/m)
    expect(text).to.match(/^bus_outbox_waiting_events\{service="things"\} 2$/m)
  })

  it('are to be had while Postgres is away', async () => {
    const log = createLog({ service: 'things', level: 'error' })
    const db = createDb({ url: `postgres://jade@127.0.0.1:${await freePort()}/none`, schema: 'things', log })
    const metrics = createMetrics('things')
    measureBus(metrics, { consumer: await consume(), db })
    expect(await metrics.metrics()).to.match(/^bus_outbox_waiting_events\{service="things"\} nan$/im)
    await db.destroy()
  })
})
