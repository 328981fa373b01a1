import { withAutoValues } from './auto-values.ts'
import { type CollectionName, collectionNames, collections, nestedIn } from './collections.ts'
import { completeEntity } from './complete-entity.ts'
import { noErrors, setSparse } from './error-tree.ts'
import { createIds, type Parent } from './ids.ts'
import { isObject } from './is-object.ts'
import type { Errors, ErrorTree } from './schema.ts'

type Item = Record<string, unknown>

/** One declared entity, wherever in the document it stood. */
export interface Declared {
  collection: CollectionName
  /** Complete; references still as they were written, but for the one to the entity around it. */
  entity: Item & { id: string }
  /** Its position in the list that it stands in. */
  index: number
  around: Around | undefined
  /** From the document's top, for messages. */
  path: (string | number)[]
}

/** The entity within which others are declared. */
interface Around {
  collection: CollectionName
  index: number
  id: string
  path: (string | number)[]
}

interface Walk {
  declared: Declared[]
  idOf: ReturnType<typeof createIds>
  /** Seconds since the epoch. */
  now: number
}

/** Walks through the document's collections and what is nested in their entities. */
export function flatten(document: Item, now: number): { declared: Declared[]; errors: ErrorTree } {
  const errors = noErrors()
  const walk: Walk = { declared: [], idOf: createIds(), now }
  walkAll(walk, document, collectionNames, undefined, errors)
  return { declared: walk.declared, errors }
}

function walkAll(
  walk: Walk,
  owner: Item,
  names: Iterable<CollectionName>,
  around: Around | undefined,
  errors: ErrorTree,
): void {
  for (const collection of names) {
    const list = owner[collection]
    if (list === undefined || list === null) continue
    const wrong = Array.isArray(list) ? walkList(walk, collection, list, around) : 'expected an array'
    if (wrong !== undefined) errors[collection] = wrong
  }
}

function walkList(walk: Walk, collection: CollectionName, list: unknown[], around?: Around): Errors | undefined {
  const wrong: (Errors | null)[] = []
  list.forEach((item, index) => {
    const path = [...(around?.path ?? []), collection, index]
    const errors = isObject(item) ? walkItem(walk, { collection, index, path }, item, around) : 'expected a record'
    if (errors !== undefined) setSparse(wrong, index, errors)
  })
  return wrong.length > 0 ? wrong : undefined
}

type Place = Omit<Around, 'id'>

function walkItem(walk: Walk, place: Place, item: Item, around?: Around): ErrorTree | undefined {
  const { collection, index, path } = place
  const children = nestedIn[collection]
  const parent = around && parentOf(collection, around)
  const own = ownFields(item, children, parent)
  const id = typeof own.id === 'string' ? own.id : walk.idOf(collection, own, parent)
  const schema = collections[collection]
  const completed = completeEntity(schema, withAutoValues(schema, own, { id, now: walk.now }), parent?.field)
  const errors = isObject(completed.errors) ? (completed.errors as ErrorTree) : {}
  const entity = completed.value as Declared['entity']
  if (parent) {
    if (item[parent.field] !== undefined && item[parent.field] !== null) errors[parent.field] = 'value must be null'
    entity[parent.field] = { id: parent.id }
  }
  walk.declared.push({ collection, entity, index, around, path })
  walkAll(walk, item, children.keys(), { ...place, id }, errors)
  return Object.keys(errors).length > 0 ? errors : undefined
}

function parentOf(collection: CollectionName, around: Around): Parent {
  return { field: nestedIn[around.collection].get(collection) as string, id: around.id }
}

/** What may be written into every record and means nothing to the gateway. */
const remarks = ['_comment', '_ignore']

function ownFields(item: Item, children: Map<CollectionName, string>, parent: Parent | undefined): Item {
  const own = { ...item }
  for (const remark of remarks) delete own[remark]
  for (const child of children.keys()) delete own[child]
  if (parent) delete own[parent.field]
  return own
}
