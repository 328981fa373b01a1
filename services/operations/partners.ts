import type { Redis } from 'ioredis'
import { isUnavailable } from '../../lib/unavailable.ts'
import type { Acl, Consumer, Plugin } from './admin-api.ts'
import { counterAt, type PeriodLimits, type Quota, quotaFor, quotasOf } from './quotas.ts'

/** A consumer that is in groups. */
export interface Partner {
  id: string
  username: string | null
  groups: string[]
  quota: Quota | undefined
}

/** By name. */
export function partnersIn({
  consumers,
  acls,
  plugins,
}: {
  consumers: Consumer[]
  acls: Acl[]
  plugins: Plugin[]
}): Partner[] {
  const quotas = declaredQuotas(plugins)
  const groups = Map.groupBy(acls, ({ consumer }) => consumer.id)
  const partners = consumers.flatMap(({ id, username }) => {
    const own = groups
      .get(id)
      ?.map(({ group }) => group)
      .sort()
    return own ? [{ id, username, groups: own, quota: quotaFor(own, quotas) }] : []
  })
  return partners.sort((a, b) => ((a.username ?? '') < (b.username ?? '') ? -1 : 1))
}

/** Declared once for the whole gateway: where that is not so, the first declaration speaks for all. */
function declaredQuotas(plugins: Plugin[]): Quota[] {
  const declared = plugins.filter(({ name, enabled }) => name === 'group-quota' && enabled)
  const plugin = declared.find(({ route, service }) => !route && !service) ?? declared[0]
  return quotasOf((plugin?.config['groups'] ?? {}) as Record<string, PeriodLimits>)
}

/** How much of each limit is used up now; null where Redis does not say. */
export async function withUse(partners: Partner[], { redis, time }: { redis: Redis; time: number }) {
  const counters = partners.flatMap(({ id, quota }) =>
    (quota?.limits ?? []).map(({ period }) => counterAt(id, period, time).key),
  )
  const counted = new Map(await read(redis, counters))
  return partners.map(({ id, quota, ...partner }) => {
    const limits = (quota?.limits ?? []).map(({ period, limit }) => {
      const { key, resetsAt } = counterAt(id, period, time)
      return { period, limit, used: counted.get(key) ?? null, resetsAt }
    })
    return { id, ...partner, quota: quota ? { group: quota.group, limits } : null }
  })
}

async function read(redis: Redis, keys: string[]): Promise<[key: string, used: number][]> {
  if (keys.length === 0) return []
  try {
    const counts = await redis.mget(keys)
    return keys.map((key, index) => [key, Number(counts[index] ?? 0)])
  } catch (error) {
    if (!isUnavailable(error)) throw error
    return []
  }
}
