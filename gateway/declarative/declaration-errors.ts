import type { Errors, ErrorTree } from './schema.ts'

/** Kong names a wrong entity now by its position, now by its name. */
export class DeclarationErrors {
  #tree: ErrorTree = {}

  get tree(): ErrorTree | undefined {
    return Object.keys(this.#tree).length > 0 ? this.#tree : undefined
  }

  atIndex(collection: string, index: number, error: Errors): void {
    this.atPath([collection, index], error)
  }

  atName(collection: string, name: string, error: Errors): void {
    this.atPath([collection, name], error)
  }

  atPath(path: (string | number)[], error: Errors): void {
    this.#tree = placed(this.#tree, path, error) as ErrorTree
  }
}

function placed(tree: Errors | null | undefined, [key, ...rest]: (string | number)[], error: Errors): Errors {
  if (key === undefined) return error
  if (typeof key === 'number' && (tree === undefined || tree === null || Array.isArray(tree))) {
    const list = [...(tree ?? [])]
    while (list.length < key) list.push(null)
    list[key] = placed(list[key], rest, error)
    return list
  }
  const object = typeof tree === 'object' && tree !== null && !Array.isArray(tree) ? tree : {}
  const name = typeof key === 'number' ? String(key + 1) : key
  return { ...object, [name]: placed(object[name], rest, error) }
}
