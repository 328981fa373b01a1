import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import type { Log } from '../log.ts'

const RECONNECT_MS = 1_000

/** Hears the notifications of one Postgres channel, on a connection that is made again whenever it is lost. */
export function createListener({ url, log, onNotify }: { url: string; log: Log; onNotify: () => void }) {
  const stopping = new AbortController()
  let client: pg.Client | undefined
  let relistening: Promise<void> | undefined

  async function listen(channel: string): Promise<void> {
    const next = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000, keepAlive: true })
    next.on('notification', onNotify)
    next.on('error', (error) => log.debug('the listening connection failed', { error }))
    try {
      await next.connect()
      await next.query(`listen ${next.escapeIdentifier(channel)}`)
    } catch (error) {
      void next.end()
      throw error
    }
    client = next
    next.once('end', () => {
      relistening = relisten(channel)
    })
    onNotify() // for what was committed while nobody listened
  }

  async function relisten(channel: string): Promise<void> {
    while (!stopping.signal.aborted) {
      await delay(RECONNECT_MS, undefined, { signal: stopping.signal }).catch(() => undefined)
      if (stopping.signal.aborted) return
      try {
        return await listen(channel)
      } catch (error) {
        log.debug('cannot listen yet', { error })
      }
    }
  }

  return {
    listen,
    async stop() {
      stopping.abort()
      await relistening
      await client?.end().catch(() => undefined)
    },
  }
}
