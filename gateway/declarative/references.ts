import { type CollectionName, collections, foreignFields } from './collections.ts'
import { fieldsByName } from './complete.ts'
import { DeclarationErrors } from './declaration-errors.ts'
import type { Declared } from './flatten.ts'

/** Entities by id and by the name that others may refer to them by. Says which of them stand there twice. */
export class Index {
  readonly #byId = new Map<string, Declared>()
  readonly #byName = new Map<string, Declared>()
  readonly errors = new DeclarationErrors()

  constructor(declared: Declared[]) {
    for (const one of declared) this.#add(one)
    for (const one of declared) this.#checkUnique(one)
  }

  idOf(collection: CollectionName, nameOrId: string): string | undefined {
    const key = `${collection} ${nameOrId}`
    return (this.#byName.get(key) ?? this.#byId.get(key))?.entity.id
  }

  #add(one: Declared): void {
    const { collection, entity, around, index } = one
    const { endpoint_key } = collections[collection]
    const name = nameOf(one)
    if (name !== undefined) {
      const key = `${collection} ${name}`
      if (this.#byName.has(key)) {
        const message = twice(collection, String(endpoint_key), name)
        this.errors.add({ inTree: [collection, index], inDocument: asWhole(one, 'name') }, message)
        return
      }
      this.#byName.set(key, one)
    }
    const key = `${collection} ${entity.id}`
    if (this.#byId.has(key)) {
      const message = twice(collection, 'primary key', entity.id)
      const outer = around ? [around.collection, around.index] : []
      this.errors.add({ inTree: [...outer, collection, index], inDocument: asWhole(one, 'id') }, message)
    }
    this.#byId.set(key, one)
  }

  readonly #seen = new Set<string>()

  /** The fields that must differ, besides the one by which entities are found. */
  #checkUnique(one: Declared): void {
    const { collection, entity } = one
    const { fields, endpoint_key } = collections[collection]
    for (const [field, { unique }] of fieldsByName(fields)) {
      const value = entity[field]
      if (!unique || field === endpoint_key || typeof value !== 'string') continue
      const key = `${collection} ${field} ${value}`
      if (this.#seen.has(key))
        this.errors.add({ inTree: treeName(one), inDocument: asWhole(one, field) }, twice(collection, field, value))
      this.#seen.add(key)
    }
  }
}

/** Turns every reference into `{ id }`, or says that it leads nowhere. */
export function resolveReferences(declared: Declared[], index: Index): void {
  for (const one of declared) {
    for (const { name, reference } of foreignFields[one.collection]) {
      const written = one.entity[name] as string | { id: string } | null | undefined
      if (written === null || written === undefined) continue
      const id = index.idOf(reference, typeof written === 'string' ? written : written.id)
      if (id !== undefined) one.entity[name] = { id }
      else reportUnresolved(index.errors, one, name, reference, written)
    }
  }
}

function reportUnresolved(
  errors: DeclarationErrors,
  one: Declared,
  name: string,
  reference: string,
  written: string | { id: string },
): void {
  if (one.around) {
    const path = [...one.path, name]
    errors.add({ inTree: path, inDocument: path }, 'value must be null')
    return
  }
  const shown = typeof written === 'string' ? written : JSON.stringify(written)
  const message = `invalid reference '${name}: ${shown}' (no such entry in '${reference}')`
  errors.add({ inTree: treeName(one), inDocument: [...one.path, name] }, message, [message])
}

/** What is wrong with an entity as a whole; there can be more than one such thing. */
const asWhole = ({ path }: Declared, what: string) => [...path, '@entity', what]

const treeName = (one: Declared): string[] => [one.collection, nameOf(one) ?? one.entity.id]

function nameOf({ collection, entity }: Declared): string | undefined {
  const { endpoint_key, fields } = collections[collection]
  if (!endpoint_key || !fieldsByName(fields).get(endpoint_key)?.unique) return undefined
  const name = entity[endpoint_key]
  return typeof name === 'string' ? name : undefined
}

function twice(collection: string, field: string, value: string): string {
  return `uniqueness violation: '${collection}' entity with ${field} set to '${value}' already declared`
}
