import { type CollectionName, collectionNames, collections, foreignFields, nestedIn } from './collections.ts'
import { fieldError } from './complete.ts'
import { isObject } from './is-object.ts'
import type { Errors, Field } from './schema.ts'

type Item = Record<string, unknown>
interface Info {
  tags: string[]
  defaults: Record<string, Item>
}

/** decK names what `_info.defaults` is for in the singular. */
const singular: Partial<Record<CollectionName, string>> = {
  services: 'service',
  routes: 'route',
  upstreams: 'upstream',
  targets: 'target',
}

const info: Field = {
  type: 'record',
  fields: [
    { select_tags: { type: 'array', elements: { type: 'string' } } },
    {
      defaults: {
        type: 'record',
        fields: Object.entries(singular).map(([collection, name]) => ({
          [name]: partOf(collection as CollectionName),
        })),
      },
    },
  ],
}

function partOf(collection: CollectionName): Field {
  const fields = collections[collection].fields.flatMap((entry) => Object.entries(entry))
  return { type: 'record', fields: fields.map(([name, field]) => ({ [name]: { ...field, required: false } })) }
}

/** What is wrong with a file's `_info`. */
export function infoErrors(document: unknown): Errors | undefined {
  return isObject(document) && document._info !== undefined ? fieldError(info, document._info) : undefined
}

/**
 * A decK file as Kong's declarative config. decK's `_info` becomes part of the entities (its select_tags are theirs, its defaults
 * fill what they leave open), and references in decK's form, `service: { name: … }`, become names.
 */
export function fromDeckFile(document: unknown): unknown {
  if (!isObject(document)) return document
  const { _info, ...rest } = document
  const info = isObject(_info) ? _info : {}
  return converted(rest, collectionNames, {
    tags: Array.isArray(info.select_tags) ? info.select_tags : [],
    defaults: isObject(info.defaults) ? (info.defaults as Info['defaults']) : {},
  })
}

function converted(owner: Item, names: Iterable<CollectionName>, info: Info): Item {
  const result = { ...owner }
  for (const name of names) {
    const list = owner[name]
    if (!Array.isArray(list)) continue
    result[name] = list.map((item) => (isObject(item) ? convertedItem(name, item, info) : item))
  }
  return result
}

function convertedItem(collection: CollectionName, item: Item, info: Info): Item {
  const own = { ...info.defaults[singular[collection] ?? ''], ...item }
  for (const { name } of foreignFields[collection]) own[name] = plainReference(own[name])
  const tags = own.tags ?? []
  if (info.tags.length > 0 && Array.isArray(tags)) own.tags = [...new Set([...tags, ...info.tags])]
  return converted(own, nestedIn[collection].keys(), info)
}

function plainReference(reference: unknown): unknown {
  if (!isObject(reference)) return reference
  return reference.name ?? reference.username ?? reference.id ?? reference
}

/** Several files as one: collections are joined; where they name another key twice, the later file's stays. What is none is kept, to be refused. */
export function mergeDocuments(documents: readonly unknown[]): unknown {
  const wrong = documents.find((document) => !isObject(document))
  return wrong ?? (documents as Item[]).reduce(joined)
}

function joined(one: Item, other: Item): Item {
  const result = { ...one, ...other }
  for (const name of collectionNames)
    if (name in one && name in other) result[name] = joinedLists(one[name], other[name])
  return result
}

function joinedLists(one: unknown, other: unknown): unknown {
  if (Array.isArray(one) && Array.isArray(other)) return [...one, ...other]
  const isSound = one === null || one === undefined || Array.isArray(one)
  return isSound ? (other ?? one) : one
}
