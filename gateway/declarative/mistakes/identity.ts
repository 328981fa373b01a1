import { collections } from '../collections.ts'
import { changed, type Mistake, type Path, placeOf } from './mistake.ts'
import type { SoundFile } from './sound-file.ts'
import { type DeclaredEntity, entitiesIn } from './spots.ts'

type Item = Record<string, unknown>

const ID = '0a1b2c3d-0000-4000-8000-00000000aaaa'

/** Two entities that cannot both be: of one name, of one id, of one value where all must differ. */
export function* duplicates({ document }: SoundFile): Generator<Mistake> {
  for (const entity of entitiesIn(document as Item)) {
    const { collection, item, path } = entity
    yield again(document, path, item, 'uniqueness violation')
    const { endpoint_key } = collections[collection]
    const named = endpoint_key !== undefined && item[endpoint_key] !== undefined && collection !== 'targets'
    if (!named) continue
    const first = changed(document, [...path, 'id'], ID)
    yield again(first, path, { ...renamed(entity, endpoint_key), id: ID }, 'primary key')
    if (item.custom_id !== undefined) yield again(document, path, renamed(entity, endpoint_key), 'custom_id set to')
  }
}

/** Without what is declared in it, which would be there twice as well. */
function renamed({ item }: DeclaredEntity, endpoint_key: string): Item {
  const own = Object.entries(item).filter(([, value]) => !Array.isArray(value) || typeof value[0] !== 'object')
  return { ...Object.fromEntries(own), [endpoint_key]: `${item[endpoint_key]}-2`.replace('*', 'any') }
}

/** Appends to the list that the entity stands in. */
function again(document: unknown, path: Path, item: Item, says: string): Mistake {
  const list = path
    .slice(0, -1)
    .reduce((owner, key) => (owner as Item)[key] as Item, document as Item) as unknown as Item[]
  const at = [...path.slice(0, -1), list.length]
  const wrong = changed(document, at, item)
  return { kind: 'duplicate', document: wrong, place: placeOf(wrong, at), says }
}
