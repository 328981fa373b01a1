import { collectionNames, nestedIn } from '../collections.ts'
import { changed, type Mistake, mistakeAt, NOTHING, placeOf } from './mistake.ts'
import type { SoundFile } from './sound-file.ts'
import { type DeclaredEntity, entitiesIn } from './spots.ts'

type Item = Record<string, unknown>

/** Sound in itself, but not where it stands. */
export function* nestingMistakes({ document }: SoundFile): Generator<Mistake> {
  for (const entity of entitiesIn(document as Item))
    if (entity.collection === 'plugins') yield* withoutConfig(document, entity)
  for (const entity of oneOfEach(document as Item)) {
    yield* strangers(document, entity)
    if (entity.parentField)
      yield mistakeAt(document, [...entity.path, entity.parentField], 'another', {
        kind: 'a parent beside the one around it',
        says: 'value must be null',
      })
    for (const inner of nestedIn[entity.collection].keys())
      for (const value of ['text', 5, { name: 'no list' }])
        yield mistakeAt(document, [...entity.path, inner], value, { kind: 'no list', says: 'expected an array' })
    for (const value of ['text', 5, null, ['list']])
      yield mistakeAt(document, entity.path, value, { kind: 'no record', says: 'expected a record' })
  }
}

const oneOfEach = (document: Item): Iterable<DeclaredEntity> =>
  new Map([...entitiesIn(document)].map((entity) => [entity.collection, entity])).values()

/** Collections that cannot be declared within this entity. */
function* strangers(document: unknown, { collection, path, fields }: DeclaredEntity): Generator<Mistake> {
  for (const name of collectionNames)
    if (!nestedIn[collection].has(name) && !fields.has(name))
      yield mistakeAt(document, [...path, name], [{}], { kind: 'wrong nesting', says: 'unknown field' })
}

/** A plugin's settings beside its name, not under `config`. */
function* withoutConfig(document: unknown, { path, item }: DeclaredEntity): Generator<Mistake> {
  for (const [name, value] of Object.entries((item.config ?? {}) as Item)) {
    const at = [...path, name]
    const wrong = changed(changed(document, [...path, 'config', name], NOTHING), at, value)
    yield { kind: 'wrong nesting', document: wrong, place: placeOf(wrong, at), says: 'unknown field' }
  }
}
