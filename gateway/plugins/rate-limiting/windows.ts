/** The calendar units that requests are counted by, in UTC; shorter ones first. */
export const PERIODS = ['second', 'minute', 'hour', 'day', 'month', 'year'] as const

export type Period = (typeof PERIODS)[number]

/** How many requests each period allows; null or absent where it is not limited. */
export type PeriodLimits = Partial<Record<Period, number | null>>

export interface DeclaredLimit {
  period: Period
  limit: number
}

/** Shorter periods first. */
export const declaredLimits = (limits: PeriodLimits): DeclaredLimit[] =>
  PERIODS.flatMap((period) => (typeof limits[period] === 'number' ? [{ period, limit: limits[period] }] : []))

/** In seconds. A month counts as 30 days and a year as 365 where Kong announces when a window ends. */
export const NOMINAL_LENGTH: Record<Period, number> = {
  second: 1,
  minute: 60,
  hour: 3600,
  day: 86400,
  month: 2592000,
  year: 31536000,
}

/** In milliseconds since the epoch. */
export interface Window {
  start: number
  end: number
}

export function windowAt(period: Period, time: number): Window {
  if (period !== 'month' && period !== 'year') {
    const length = NOMINAL_LENGTH[period] * 1000
    const start = time - (time % length)
    return { start, end: start + length }
  }
  const date = new Date(time)
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()]
  return period === 'month'
    ? { start: Date.UTC(year, month), end: Date.UTC(year, month + 1) }
    : { start: Date.UTC(year, 0), end: Date.UTC(year + 1, 0) }
}

/** Seconds until a window is over, as Kong reckons them: at least one. */
export function secondsLeft(period: Period, { start }: Window, time: number): number {
  return Math.max(1, NOMINAL_LENGTH[period] - Math.floor((time - start) / 1000))
}
