import { type CollectionName, collectionNames, foreignFields, nestedIn } from './collections.ts'
import { isObject } from './is-object.ts'

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
  consumers: 'consumer',
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
  if (info.tags.length > 0) own.tags = [...new Set([...(Array.isArray(own.tags) ? own.tags : []), ...info.tags])]
  return converted(own, nestedIn[collection].keys(), info)
}

function plainReference(reference: unknown): unknown {
  if (!isObject(reference)) return reference
  return reference.name ?? reference.username ?? reference.id ?? reference
}

/** Several files as one: collections are joined; where they name another key twice, the later file's stays. */
export function mergeDocuments(documents: readonly unknown[]): unknown {
  const [first, ...rest] = documents
  return rest.reduce(
    (merged, document) => (isObject(merged) && isObject(document) ? joined(merged, document) : document),
    first,
  )
}

function joined(one: Item, other: Item): Item {
  const result = { ...one }
  for (const [key, value] of Object.entries(other)) {
    const before = result[key]
    result[key] = Array.isArray(before) && Array.isArray(value) ? [...before, ...value] : value
  }
  return result
}
