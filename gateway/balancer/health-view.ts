import { type Health, isOldNews, isUp, type Verdict } from './health.ts'

/** One address of one target. */
export interface Place {
  upstream: string
  target: string
  ip: string
  port: number
}

/** What a worker has seen of a place. */
export interface HealthReport extends Place {
  verdict: Verdict
}

/** What has become of a place. */
export interface HealthNotice extends Place {
  health: Health
}

/** What one worker knows of the health of targets; the counting is done in one place for all workers. */
export interface HealthView {
  isUp(place: Place): boolean
  /** Passes on what has been seen, unless it would change nothing. */
  report(report: HealthReport): void
  take(notice: HealthNotice): void
  /** Every place is known to be in full health. */
  readonly isSpotless: boolean
}

export const placeKey = ({ upstream, target, ip, port }: Place): string => `${upstream} ${target} ${ip} ${port}`

export function createHealthView(
  tell: (report: HealthReport) => void,
  known: readonly HealthNotice[] = [],
): HealthView {
  const blemished = new Map(known.map((notice) => [placeKey(notice), notice.health]))
  return {
    isUp: (place) => isUp(blemished.get(placeKey(place)) ?? 'healthy'),
    report(report) {
      const health = blemished.get(placeKey(report)) ?? 'healthy'
      if (!isOldNews(health, report.verdict.evidence)) tell(report)
    },
    take(notice) {
      if (notice.health === 'healthy') blemished.delete(placeKey(notice))
      else blemished.set(placeKey(notice), notice.health)
    },
    get isSpotless() {
      return blemished.size === 0
    },
  }
}
