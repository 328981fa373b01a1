import type { Errors, ErrorTree } from './schema.ts'

type Path = readonly (string | number)[]

/** What is wrong with entities taken together. */
export class DeclarationErrors {
  #tree: ErrorTree = {}
  #located: ErrorTree = {}

  /** As Kong says it, which names a wrong entity now by its position, now by its name. */
  get tree(): ErrorTree | undefined {
    return Object.keys(this.#tree).length > 0 ? this.#tree : undefined
  }

  /** Each where it stands in the document. */
  get located(): ErrorTree {
    return this.#located
  }

  add(where: { inTree: Path; inDocument: Path }, message: string, asInTree: Errors = message): void {
    this.#tree = placed(this.#tree, where.inTree, asInTree) as ErrorTree
    this.#located = placed(this.#located, where.inDocument, message) as ErrorTree
  }
}

function placed(tree: Errors | null | undefined, [key, ...rest]: Path, error: Errors): Errors {
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
