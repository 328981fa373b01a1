import type { Entities } from '../entities.ts'
import { collectionNames, collections } from './collections.ts'
import { completeRecord } from './complete.ts'
import { type Declared, flatten } from './flatten.ts'
import { isObject } from './is-object.ts'
import { Index, resolveReferences } from './references.ts'
import { withRegexMarks } from './regex-marks.ts'
import type { ErrorTree, RecordSchema } from './schema.ts'

/** `located` are the same errors, each where it stands in the document: Kong's tree does not always say that. */
export type Validated =
  | { entities: Entities; errors?: undefined }
  | { entities?: undefined; errors: ErrorTree; located: ErrorTree }

/** The document's own fields; its collections are looked at one by one. */
const top: RecordSchema = {
  fields: [
    { _format_version: { type: 'string', required: true, one_of: ['1.1', '2.1', '3.0'] } },
    { _transform: { type: 'boolean', default: true } },
    { _comment: { type: 'string' } },
    { _ignore: { type: 'array', elements: { type: 'string' } } },
  ],
}

/** Takes a whole declarative config, nested or flat, and gives its entities or Kong's tree of what is wrong with it. */
export function validate(document: unknown, now = Math.floor(Date.now() / 1000)): Validated {
  if (!isObject(document)) return refused({ error: 'expected an object' })
  const own = { ...document }
  for (const name of collectionNames) delete own[name]
  const { declared, errors } = flatten(withRegexMarks(document), now)
  Object.assign(errors, completeRecord(top, own).errors)
  if (Object.keys(errors).length > 0) return refused(errors)
  const index = new Index(declared)
  resolveReferences(declared, index)
  if (index.errors.tree) return refused(index.errors.tree, index.errors.located)
  // `_transform: false` says that the entities have been through it before, as in what `kong config db_export` writes.
  if (own._transform !== false) transform(declared)
  return { entities: collected(declared) }
}

const refused = (errors: ErrorTree, located: ErrorTree = errors): Validated => ({ errors, located })

function transform(declared: Declared[]): void {
  for (const { collection, entity } of declared) Object.assign(entity, collections[collection].transform?.(entity))
}

function collected(declared: Declared[]): Entities {
  const entities = Object.fromEntries(collectionNames.map((name) => [name, [] as unknown[]]))
  for (const { collection, entity } of declared) entities[collection]?.push(entity)
  return entities as unknown as Entities
}
