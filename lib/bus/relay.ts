import { setTimeout as delay } from 'node:timers/promises'
import type { Knex } from 'knex'
import type { Log } from '../log.ts'
import { encode } from './cloud-events.ts'
import { createListener } from './listener.ts'
import type { OutboxRow } from './outbox.ts'
import type { Publisher } from './publisher.ts'

/** Moves events from the outbox to Kafka. Every node of a service may run one. */
export interface Relay {
  start(): Promise<void>
  stop(): Promise<void>
}

const BATCH_ROWS = 500
/** For events whose notification was missed, and those another relay left behind. */
const POLL_MS = 1_000
/** Under load events gather this long, which costs less than a transaction for each. */
const GATHER_MS = 20
const MAX_BACKOFF_MS = 5_000

interface Options {
  db: Knex
  /** The database again: to be notified takes a connection of its own. */
  url: string
  publisher: Publisher
  log: Log
}

export function createRelay({ db, url, publisher, log }: Options): Relay {
  const stopping = new AbortController()
  const bell = createBell()
  const listener = createListener({ url, log, onNotify: bell.ring })
  let running: Promise<void> | undefined

  async function run(): Promise<void> {
    let failures = 0
    while (!stopping.signal.aborted) {
      try {
        const sent = await relayBatch(db, publisher)
        if (failures > 0) log.info('events leave the outbox again')
        failures = 0
        if (sent === 0) await bell.wait(POLL_MS)
        else if (sent < BATCH_ROWS) await delay(GATHER_MS)
      } catch (error) {
        if (failures === 0) log.warn('events wait in the outbox', { error })
        const backoff = Math.min(100 * 2 ** failures++, MAX_BACKOFF_MS)
        await delay(backoff, undefined, { signal: stopping.signal }).catch(() => undefined)
      }
    }
  }

  return {
    async start() {
      const { rows } = await db.raw<{ rows: [{ channel: string }] }>(`select current_schema() || '_outbox' as channel`)
      await listener.listen(rows[0].channel)
      running ??= run()
    },
    async stop() {
      stopping.abort()
      bell.ring()
      await running
      await listener.stop()
    },
  }
}

/**
 * Sends the oldest events, in the order of `seq`. Their deletion takes effect with the commit, after Kafka has them: a
 * crash in between sends them again under the same ids. The relays of a service take turns, because two at once would
 * each skip the rows that the other has locked and could so send the second event of a key before its first.
 */
async function relayBatch(db: Knex, publisher: Publisher): Promise<number> {
  return await db.transaction(async (trx) => {
    const { rows } = await trx.raw<{ rows: OutboxRow[] }>(
      `with turn as (select from outbox_turn where exists (select from outbox) for update skip locked),
       taken as (
         delete from outbox where exists (select from turn)
           and seq in (select seq from outbox order by seq limit ?) returning *)
       select * from taken order by seq`,
      [BATCH_ROWS],
    )
    await publisher.send(rows.map((row) => encode(toEvent(row), publisher.source)))
    return rows.length
  })
}

const toEvent = ({ id, topic, key, value, time, traceparent, request_id }: OutboxRow) => ({
  id,
  type: topic,
  key,
  value,
  time,
  traceparent: traceparent ?? undefined,
  requestId: request_id ?? undefined,
})

/** Rings are not lost while nobody waits: the next wait returns at once. */
function createBell() {
  let rung = false
  let wake = (): void => undefined
  return {
    ring() {
      rung = true
      wake()
    },
    async wait(limitMs: number) {
      const { promise, resolve } = Promise.withResolvers<void>()
      const timer = setTimeout(resolve, limitMs)
      wake = resolve
      if (!rung) await promise
      clearTimeout(timer)
      rung = false
    },
  }
}
