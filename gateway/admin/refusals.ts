import type { Errors, ErrorTree } from '../declarative/schema.ts'
import { luaTable } from './lua-table.ts'
import { Refusal } from './reply.ts'

/** Kong's forms of saying no, with its codes and names. */

export const invalidPrimaryKey = (key: { id: string }) =>
  new Refusal(400, {
    code: 1,
    name: 'invalid primary key',
    message: `invalid primary key: '${luaTable(key)}'`,
    fields: key,
  })

export function schemaViolation(fields: ErrorTree): Refusal {
  return new Refusal(400, {
    code: 2,
    name: 'schema violation',
    message: counted('schema violation', lines(fields)),
    fields,
  })
}

export const primaryKeyViolation = (key: { id: string }) =>
  new Refusal(400, {
    code: 3,
    name: 'primary key violation',
    message: `primary key violation on key '${luaTable(key)}'`,
    fields: key,
  })

export const nowhere = (field: string, key: { id: string }, collection: string) =>
  new Refusal(400, {
    code: 4,
    name: 'foreign key violation',
    message: `the foreign key '${luaTable(key)}' does not reference an existing '${collection}' entity.`,
    fields: { [field]: key },
  })

export const stillReferenced = (collection: string, by: string) =>
  new Refusal(400, {
    code: 4,
    name: 'foreign key violation',
    message: `an existing '${by}' entity references this '${collection}' entity`,
    fields: { '@referenced_by': by },
  })

export const uniqueViolation = (fields: Record<string, unknown>) =>
  new Refusal(409, {
    code: 5,
    name: 'unique constraint violation',
    message: `UNIQUE violation detected on '${luaTable(fields)}'`,
    fields,
  })

export function unresolved(field: string, name: string, value: string, collection: string): Refusal {
  const reason = `the foreign key cannot be resolved with '${luaTable({ [name]: value })}' for an existing '${collection}' entity`
  return new Refusal(400, {
    code: 13,
    name: 'foreign keys unresolved',
    message: `foreign key unresolved (${field}.${name}: ${reason})`,
    fields: { [field]: { [name]: reason } },
  })
}

export const referencedByOthers = (id: string, by: string, other: string) =>
  new Refusal(400, {
    code: 19,
    name: 'referenced by others',
    message: `ca certificate ${id} is still referenced by ${by} (id = ${other})`,
  })

function counted(what: string, reasons: string[]): string {
  const count = reasons.length === 1 ? what : `${reasons.length} ${what}s`
  return `${count} (${reasons.join('; ')})`
}

/** What is wrong with the entity as a whole comes first; below the second level Kong writes Lua. */
function lines(fields: ErrorTree): string[] {
  const { '@entity': whole, ...single } = fields
  return [...entriesOf(whole ?? {}).map(([, error]) => String(error)), ...entriesOf(single).flatMap(linesOf)]
}

function linesOf([name, errors]: [string, Errors]): string[] {
  if (typeof errors === 'string') return [`${name}: ${errors}`]
  return entriesOf(errors).map(([inner, error]) => {
    return `${name}.${inner}: ${typeof error === 'string' ? error : luaTable(error, '')}`
  })
}

/** Positions count from one, as in Lua. */
function entriesOf(errors: Errors): [string, Errors][] {
  if (typeof errors === 'string') return []
  if (Array.isArray(errors))
    return errors.flatMap((error, at): [string, Errors][] => (error === null ? [] : [[String(at + 1), error]]))
  return Object.entries(errors).sort(([one], [other]) => (one < other ? -1 : 1))
}
