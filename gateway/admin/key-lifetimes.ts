import type { CollectionName } from '../declarative/collections.ts'
import type { Entities, Entity, KeyAuthCredential } from '../entities.ts'
import type { Fields } from './fields.ts'
import { Refusal } from './reply.ts'

/** In seconds. */
const LONGEST = 100_000_000

const endOf = ({ created_at, ttl }: KeyAuthCredential) => (ttl ? created_at + ttl : Infinity)

/** Entities as they are now: without the keys whose time is over. */
export function withoutExpired(entities: Entities, now: number): Entities {
  const { keyauth_credentials: keys } = entities
  if (keys.every((key) => endOf(key) > now)) return entities
  return { ...entities, keyauth_credentials: keys.filter((key) => endOf(key) > now) }
}

/** A `ttl` is given from now on, and kept as counted from the key's creation; 0 is no end. */
export function withEnd(collection: CollectionName, entity: Entity, { ttl }: Fields, now: number): Entity {
  if (collection !== 'keyauth_credentials' || typeof ttl !== 'number') return entity
  if (!Number.isInteger(ttl) || ttl < 0 || ttl > LONGEST) throw invalidLifetime()
  const { created_at } = entity as KeyAuthCredential
  return { ...entity, ttl: ttl === 0 ? null : now - created_at + ttl } as Entity
}

/** What is left of a key's `ttl` is shown. */
export function withTimeLeft(collection: CollectionName, entity: Entity, now: number): Entity {
  if (collection !== 'keyauth_credentials') return entity
  const key = entity as KeyAuthCredential
  return { ...key, ttl: key.ttl ? endOf(key) - now : null } as Entity
}

function invalidLifetime(): Refusal {
  const reason = `must be an integer between 0 and ${LONGEST}`
  const message = `invalid option (ttl: ${reason})`
  return new Refusal(400, { code: 11, name: 'invalid options', message, options: { ttl: reason } })
}
