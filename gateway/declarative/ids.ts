import { type CollectionName, collections } from './collections.ts'
import { fieldsByName } from './complete.ts'
import { uuidOfName } from './uuid.ts'

type Item = Record<string, unknown>
export interface Parent {
  field: string
  id: string
}

/** Kong's namespace for the ids of declared entities. */
const declaredNamespace = 'fd02801f-0957-4a15-a55a-c8d9606f30b5'

/**
 * Gives ids to entities that are declared without one. They are made from names, as Kong makes them, so that they (and what is
 * counted by them) outlive a reload. What has no name gets its id from its content.
 */
export function createIds(): (collection: CollectionName, item: Item, parent?: Parent) => string {
  const namespaces = new Map<string, string>()
  const contents = new Map<string, number>()

  function ofName(collection: CollectionName, key: string): string {
    let namespace = namespaces.get(collection)
    if (namespace === undefined) {
      namespace = uuidOfName(declaredNamespace, collection)
      namespaces.set(collection, namespace)
    }
    return uuidOfName(namespace, key)
  }

  function ofContent(collection: CollectionName, item: Item, parent?: Parent): string {
    const content = `${collection} ${parent?.id} ${JSON.stringify(item)}`
    const seen = contents.get(content) ?? 0
    contents.set(content, seen + 1)
    return ofName(collection, `${content} ${seen}`)
  }

  return (collection, item, parent) => {
    const key = naturalKey(collection, item, parent)
    return key === undefined ? ofContent(collection, item, parent) : ofName(collection, key)
  }
}

function naturalKey(collection: CollectionName, item: Item, parent?: Parent): string | undefined {
  const { cache_key, endpoint_key } = collections[collection]
  if (cache_key) return joined(collection, cache_key, item, parent)
  const name = endpoint_key && item[endpoint_key]
  return typeof name === 'string' ? name : undefined
}

/** `*` stands for the workspace, of which there is one. */
function joined(collection: CollectionName, names: readonly string[], item: Item, parent?: Parent): string | undefined {
  const fields = fieldsByName(collections[collection].fields)
  const values: string[] = [collection, '*']
  for (const name of names) {
    const value = item[name]
    if (typeof value === 'string') values.push(value)
    else if (value === undefined && name === parent?.field) values.push(parent.id)
    else if (value === undefined && !fields.get(name)?.required) values.push('')
    else if (value === undefined) return undefined
  }
  return values.join(':')
}
