import type { Acl } from '../../entities.ts'
import { type DeclaredLimit, declaredLimits, NOMINAL_LENGTH, type PeriodLimits } from '../rate-limiting/windows.ts'

export type Quota = readonly DeclaredLimit[]

export interface Quotas {
  /** The most generous quota of the groups that a consumer is in; undefined where none of them has one. */
  of(acls: readonly Acl[]): Quota | undefined
}

/** Requests a second that a quota allows in the long run. */
const rate = (quota: Quota): number => Math.min(...quota.map(({ period, limit }) => limit / NOMINAL_LENGTH[period]))

export function createQuotas(groups: Record<string, PeriodLimits>): Quotas {
  const mostGenerousFirst = Object.entries(groups)
    .map(([group, limits]) => ({ group, quota: declaredLimits(limits) }))
    .sort((a, b) => rate(b.quota) - rate(a.quota) || (a.group < b.group ? -1 : 1))
  const known = new WeakMap<readonly Acl[], { quota: Quota | undefined }>()
  return {
    of(acls) {
      let found = known.get(acls)
      if (found === undefined) {
        const own = new Set(acls.map(({ group }) => group))
        found = { quota: mostGenerousFirst.find(({ group }) => own.has(group))?.quota }
        known.set(acls, found)
      }
      return found.quota
    },
  }
}
