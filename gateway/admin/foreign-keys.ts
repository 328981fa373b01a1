import { type CollectionName, foreignFields } from '../declarative/collections.ts'
import type { Fields } from './fields.ts'

/** Only a declarative file may refer to an entity by its bare name: here a text is a key without an id. */
export function withForeignKeys(collection: CollectionName, input: Fields): Fields {
  const named = foreignFields[collection].filter(({ name }) => typeof input[name] === 'string')
  return named.length === 0 ? input : { ...input, ...Object.fromEntries(named.map(({ name }) => [name, {}])) }
}
