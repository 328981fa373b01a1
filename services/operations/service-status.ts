import { boundedGet } from './bounded-get.ts'
import type { ServiceAddress } from './config.ts'

export interface ServiceStatus {
  name: string
  /** `away`: it does not answer in time. */
  state: 'ready' | 'not_ready' | 'away'
  /** What it waits for. */
  failing: string[]
  startedAt: string | null
  /** How many events it has stated that Kafka does not have yet; null where that is not known, absent where it states none that way. */
  outboxWaiting?: number | null
}

/** A service's own checks take a second at most. */
const LIMIT_MS = 2_000
const MAX_BYTES = 1024 * 1024
const OUTBOX = 'bus_outbox_waiting_events'

/** Each service is asked by itself: one that is slow holds up none of the others, and all of them no longer than its limit. */
export const statusOfAll = (services: readonly ServiceAddress[]): Promise<ServiceStatus[]> =>
  Promise.all(services.map(statusOf))

async function statusOf({ name, url }: ServiceAddress): Promise<ServiceStatus> {
  const get = (path: string) => boundedGet(new URL(path, url), { limitMs: LIMIT_MS, maxBytes: MAX_BYTES })
  const [ready, metrics] = await Promise.all([
    get('/ready')
      .then(readiness)
      .catch(() => ({ state: 'away' as const, failing: [] })),
    get('/metrics')
      .then(({ text }) => text)
      .catch(() => ''),
  ])
  const started = metric(metrics, 'process_start_time_seconds')
  return {
    name,
    ...ready,
    startedAt: started ? new Date(started * 1_000).toISOString() : null,
    outboxWaiting: metric(metrics, OUTBOX),
  }
}

function readiness({ status, text }: { status: number; text: string }): Pick<ServiceStatus, 'state' | 'failing'> {
  const { failing = [] } = JSON.parse(text) as { failing?: string[] }
  return { state: status === 200 ? 'ready' : 'not_ready', failing }
}

/** A sample of the Prometheus text format; null where it is no number, undefined where there is none. */
function metric(text: string, name: string): number | null | undefined {
  const value = new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)`, 'm').exec(text)?.[1]
  if (value === undefined) return undefined
  return Number.isFinite(Number(value)) ? Number(value) : null
}
