/** Quotas as the plugin `group-quota` keeps them: per consumer in Redis, a counter for each running window. */
export interface Quota {
  group: string
  limits: { period: Period; limit: number }[]
}

/** Shorter ones first. */
const PERIODS = ['second', 'minute', 'hour', 'day', 'month', 'year'] as const
type Period = (typeof PERIODS)[number]

const SECOND_MS = 1_000
const DAY_MS = 86_400 * SECOND_MS

/** How much of an ISO 8601 time names the window it is in (UTC), and how far from its start the next one has begun surely. */
const WINDOWS: Record<Period, { digits: number; intoNext: number }> = {
  second: { digits: '2000-01-01T00:00:00'.length, intoNext: SECOND_MS },
  minute: { digits: '2000-01-01T00:00'.length, intoNext: 60 * SECOND_MS },
  hour: { digits: '2000-01-01T00'.length, intoNext: 3_600 * SECOND_MS },
  day: { digits: '2000-01-01'.length, intoNext: DAY_MS },
  month: { digits: '2000-01'.length, intoNext: 32 * DAY_MS },
  year: { digits: '2000'.length, intoNext: 366 * DAY_MS },
}
/** By which quotas are compared: a month is 30 days, a year 365. */
const NOMINAL_MS: Record<Period, number> = {
  ...{ second: SECOND_MS, minute: 60 * SECOND_MS, hour: 3_600 * SECOND_MS },
  ...{ day: DAY_MS, month: 30 * DAY_MS, year: 365 * DAY_MS },
}
const ZERO = '0000-01-01T00:00:00.000Z'

export type PeriodLimits = Partial<Record<Period, number | null>>

export function quotasOf(groups: Record<string, PeriodLimits>): Quota[] {
  const quotas = Object.entries(groups).map(([group, declared]) => ({
    group,
    limits: PERIODS.flatMap((period) => (declared[period] ? [{ period, limit: declared[period] }] : [])),
  }))
  return quotas.sort((a, b) => rate(b) - rate(a) || (a.group < b.group ? -1 : 1))
}

/** The most generous of those of a consumer's groups: the one that allows most in the long run. `quotas` as `quotasOf` gives them. */
export const quotaFor = (groups: string[], quotas: Quota[]): Quota | undefined =>
  quotas.find(({ group }) => groups.includes(group))

const rate = ({ limits }: Quota): number => Math.min(...limits.map(({ period, limit }) => limit / NOMINAL_MS[period]))

/** Where the use of a limit is counted at this time, and when that count is over. */
export function counterAt(consumerID: string, period: Period, time: number): { key: string; resetsAt: Date } {
  const start = startOf(period, time)
  const resetsAt = new Date(startOf(period, start + WINDOWS[period].intoNext))
  return { key: `group-quota:${consumerID}:${start}:${period}`, resetsAt }
}

function startOf(period: Period, time: number): number {
  const { digits } = WINDOWS[period]
  return Date.parse(new Date(time).toISOString().slice(0, digits) + ZERO.slice(digits))
}
