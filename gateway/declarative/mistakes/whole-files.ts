import { collectionNames } from '../collections.ts'
import { type Mistake, mistakeAt, NOTHING, type Path } from './mistake.ts'
import type { SoundFile } from './sound-file.ts'

/** What can be wrong with a file's own fields, and with the whole of it. */
export function* wholeFileMistakes({ document }: SoundFile): Generator<Mistake> {
  for (const [path, value, says] of OWN_FIELDS) yield mistakeAt(document, path, value, { kind: 'the file', says })
  for (const whole of ['text', 5, true, [document]])
    yield { kind: 'the file', document: whole, place: 'error', says: 'expected an object' }
  for (const name of collectionNames) {
    yield mistakeAt(document, [name.slice(0, -1)], [], { kind: 'misspelt collection', says: 'unknown field' })
    for (const value of ['text', 5, true, { name: 'no list' }])
      yield mistakeAt(document, [name], value, { kind: 'no list', says: 'expected an array' })
  }
  for (const name of ['service', 'route', 'upstream', 'target'])
    for (const [field, value, says] of DEFAULTS)
      yield mistakeAt(document, ['_info', 'defaults', name, field], value, { kind: 'wrong defaults', says })
}

const VERSION = 'expected one of'
const OWN_FIELDS: [Path, unknown, string][] = [
  [['_format_version'], NOTHING, 'required field missing'],
  [['_format_version'], null, 'required field missing'],
  [['_format_version'], 3, 'expected a string'],
  [['_format_version'], 3.1, 'expected a string'],
  [['_format_version'], '', VERSION],
  [['_format_version'], '3', VERSION],
  [['_format_version'], '4.0', VERSION],
  [['_format_version'], 'v3.0', VERSION],
  [['_transform'], 'yes', 'expected a boolean'],
  [['_comment'], 5, 'expected a string'],
  [['_ignore'], 'text', 'expected an array'],
  [['_format'], '3.0', 'unknown field'],
  [['_infos'], {}, 'unknown field'],
  [['_workspace'], 'other', 'unknown field'],
  [['consumer_groups'], [], 'unknown field'],
  [['_info'], 'text', 'expected a record'],
  [['_info'], ['list'], 'expected a record'],
  [['_info', 'select_tag'], ['a'], 'unknown field'],
  [['_info', 'select_tags'], 'a', 'expected an array'],
  [['_info', 'defaults'], 'text', 'expected a record'],
  [['_info', 'defaults', 'services'], {}, 'unknown field'],
  [['_info', 'defaults', 'service'], 'text', 'expected a record'],
]

const DEFAULTS: [string, unknown, string][] = [
  ['no_such_field', 1, 'unknown field'],
  ['tags', 'text', 'expected a set'],
  ['id', 'no-uuid', 'expected a valid UUID'],
]
