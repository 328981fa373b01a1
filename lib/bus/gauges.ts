import type { Knex } from 'knex'
import { Gauge, type Registry } from 'prom-client'
import type { Consumer } from './consumer.ts'
import { outbox } from './outbox.ts'

/** Shows in `/metrics` where events pile up: before this service, and with a database behind it. */
export function measureBus(
  metrics: Registry,
  { consumer, db }: { consumer: Pick<Consumer, 'lag'>; db?: Knex | undefined },
): void {
  new Gauge({
    name: 'bus_consumer_lag_events',
    help: 'Events of this node’s partitions that it has yet to handle',
    registers: [metrics],
    collect() {
      this.set(consumer.lag())
    },
  })
  if (!db) return
  new Gauge({
    name: 'bus_outbox_waiting_events',
    help: 'Events that this service has stated and Kafka does not have yet',
    registers: [metrics],
    async collect() {
      this.set(await outbox.depth(db).catch(() => Number.NaN)) // unknown while Postgres is away
    },
  })
}
