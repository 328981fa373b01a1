import type { Field } from '../schema.ts'
import { badValuesOf } from './bad-values.ts'
import { changed, type Mistake, mistakeAt, NOTHING, type Path, placeOf } from './mistake.ts'
import type { SoundFile } from './sound-file.ts'
import { type DeclaredEntity, entitiesIn, type Spot, spotsIn } from './spots.ts'

type Item = Record<string, unknown>

/** What can be wrong with single fields, drawn from the schemas of all that a file declares. */
export function* fieldMistakes({ document }: SoundFile): Generator<Mistake> {
  const known = Map.groupBy(entitiesIn(document as Item), ({ collection }) => collection)
  for (const entities of known.values()) yield* ofCollection(document, entities)
}

/** A kind of field that several entities of a collection share is tried once. */
function* ofCollection(document: unknown, entities: DeclaredEntity[]): Generator<Mistake> {
  const seen = new Set<Field>()
  for (const entity of entities) {
    yield unknownField(document, entity.path)
    for (const spot of spotsIn(entity)) {
      if (seen.has(spot.field) || decides(entity, spot.path)) continue
      seen.add(spot.field)
      yield* mistakesAt(document, spot)
    }
  }
}

/** What the rest depends on, so that little more can be said where it is wrong: see combinations.ts. */
function decides({ collection, path, item }: DeclaredEntity, spot: Path): boolean {
  const name = spot[path.length]
  if (collection === 'routes') return name === 'protocols'
  // Kong sets the algorithm where there is something to hash, whatever was written.
  if (collection === 'upstreams') return name === 'algorithm' && item.hash_on !== undefined
  return name === 'name' && (collection === 'plugins' || collection === 'vaults')
}

function* mistakesAt(document: unknown, { path, field, value }: Spot): Generator<Mistake> {
  for (const { value: bad, ...wrong } of badValuesOf(field))
    yield mistakeAt(document, path, bad, { ...wrong, at: placeOfForeign(path, field, bad) })
  if (field.type === 'foreign' && field.eq !== null) yield* danglingReferences(document, path)
  if (field.required) yield mistakeAt(document, path, null, { kind: 'null', says: 'required field missing' })
  if (typeof path.at(-1) === 'number') return
  if (value !== undefined) yield misspelt(document, path, value)
  if (field.type === 'record' && field.eq !== null && value !== undefined) yield unknownField(document, path)
  if (mustBeGiven(field) && value !== undefined)
    yield mistakeAt(document, path, NOTHING, { kind: 'missing', says: 'required field missing' })
}

function* danglingReferences(document: unknown, path: Path): Generator<Mistake> {
  const nobody = ['nobody', { name: 'nobody' }, { id: 'no-uuid' }, { id: '0a1b2c3d-0000-4000-8000-00000000ffff' }]
  for (const value of nobody)
    yield {
      kind: 'dangling reference',
      document: changed(document, path, value),
      place: placeOf(document, path),
      says: '',
    }
}

/** Of a reference that is none, what it lacks is told. */
const placeOfForeign = (path: Path, { type, eq }: Field, bad: unknown): Path =>
  type === 'foreign' && eq !== null && typeof bad !== 'string' ? [...path, 'id'] : path

const mustBeGiven = ({ required, default: standard, auto, type, abstract }: Field): boolean =>
  required === true && standard === undefined && !auto && (type !== 'record' || abstract === true)

function unknownField(document: unknown, path: Path): Mistake {
  return mistakeAt(document, [...path, 'no_such_field'], 1, { kind: 'unknown field', says: 'unknown field' })
}

/** The last letter doubled. */
function misspelt(document: unknown, path: Path, value: unknown): Mistake {
  const name = path.at(-1) as string
  const at = [...path.slice(0, -1), name + name.at(-1)]
  const wrong = changed(changed(document, path, NOTHING), at, value)
  return { kind: 'misspelt field', document: wrong, place: placeOf(wrong, at), says: 'unknown field' }
}
