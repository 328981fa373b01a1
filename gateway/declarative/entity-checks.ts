import { quoted } from './constraints.ts'
import { setAt } from './error-tree.ts'
import type {
  Conditional,
  ConditionalAtLeastOneOf,
  CustomEntityCheck,
  EntityCheck,
  Errors,
  ErrorTree,
  Field,
  FieldList,
} from './schema.ts'
import { isVaultReference } from './vault-reference.ts'

type Entity = Record<string, unknown>
/** Given as an argument because records hold fields and fields hold records. */
export type FieldError = (field: Field, value: unknown) => Errors | undefined

interface Context {
  fields: FieldList
  errors: ErrorTree
  fieldError: FieldError
}

/** Checks that look at several fields together. `errors` holds those of the single fields, and takes what is found here. */
export function runEntityChecks(
  entity: Entity,
  { fields, entity_checks }: { fields: FieldList; entity_checks?: readonly EntityCheck[] },
  errors: ErrorTree,
  fieldError: FieldError,
): void {
  for (const check of entity_checks ?? []) {
    const found = run(check, entity, { fields, errors, fieldError })
    if (found !== undefined) entityErrors(errors).push(found)
  }
}

function entityErrors(errors: ErrorTree): (Errors | null)[] {
  const known = errors['@entity']
  if (Array.isArray(known)) return known
  const list: (Errors | null)[] = []
  errors['@entity'] = list
  return list
}

function run(check: EntityCheck, entity: Entity, context: Context): string | undefined {
  if ('at_least_one_of' in check) return atLeastOneOf(entity, check.at_least_one_of)
  if ('only_one_of' in check) return onlyOneOf(entity, check.only_one_of)
  if ('mutually_required' in check) return mutuallyRequired(entity, check.mutually_required)
  if ('distinct' in check) return distinct(entity, check.distinct)
  if ('conditional' in check) return conditional(entity, check.conditional, context)
  if ('custom_entity_check' in check) return custom(entity, check.custom_entity_check, context)
  return conditionalAtLeastOneOf(entity, check.conditional_at_least_one_of, context)
}

function atLeastOneOf(entity: Entity, names: readonly string[]): string | undefined {
  if (filled(entity, names) > 0) return undefined
  return `at least one of these fields must be non-empty: ${quoted(names)}`
}

function onlyOneOf(entity: Entity, names: readonly string[]): string | undefined {
  if (filled(entity, names) === 1 || names.every((name) => valueAt(entity, name) === undefined)) return undefined
  return `exactly one of these fields must be non-empty: ${quoted(names)}`
}

function mutuallyRequired(entity: Entity, names: readonly string[]): string | undefined {
  const count = filled(entity, names)
  if (count === 0 || count === names.length) return undefined
  return `all or none of these fields must be set: ${quoted(names)}`
}

function distinct(entity: Entity, names: readonly string[]): string | undefined {
  const values = names.map((name) => valueAt(entity, name)).filter(nonEmpty)
  return new Set(values).size === values.length
    ? undefined
    : `values of these fields must be distinct: ${quoted(names)}`
}

function conditional(entity: Entity, check: Conditional, context: Context): string | undefined {
  const { fields, errors, fieldError } = context
  const { if_field, if_match, then_field, then_match, then_err } = check
  const condition = valueAt(entity, if_field)
  if (condition === undefined || fieldError({ ...fieldAt(fields, if_field), ...if_match }, condition)) return undefined
  const field = fieldAt(fields, then_field)
  const value = valueAt(entity, then_field) ?? null
  if (isReference(field, value)) return undefined
  const error = fieldError({ ...field, ...then_match }, value)
  if (error === undefined) return undefined
  setAt(errors, then_field, error)
  return then_err ?? `failed conditional validation given value of field '${if_field}'`
}

function conditionalAtLeastOneOf(entity: Entity, check: ConditionalAtLeastOneOf, context: Context): string | undefined {
  const { fields, fieldError } = context
  const field = fieldAt(fields, check.if_field)
  const value = valueAt(entity, check.if_field)
  if (value === undefined) return undefined
  const matches = (constraints: Partial<Field>) => fieldError({ ...field, ...constraints }, value) === undefined
  const { if_match, then_at_least_one_of, then_err, else_match, else_then_at_least_one_of = [], else_then_err } = check
  const first = matches(if_match)
  if (!first && !(else_match && matches(else_match))) return undefined
  const names = first ? then_at_least_one_of : else_then_at_least_one_of
  if (filled(entity, names) > 0) return undefined
  return (first ? then_err : else_then_err)?.replace('%s', quoted(names))
}

function custom(entity: Entity, check: CustomEntityCheck, { fields, errors }: Context): string | undefined {
  const unknown = (name: string) =>
    errors[name] !== undefined || isReference(fieldAt(fields, name), valueAt(entity, name))
  if (check.field_sources.some(unknown)) return undefined
  const found = check.fn?.(entity as never)
  if (typeof found !== 'object') return found
  Object.assign(errors, found)
  return undefined
}

/** Its value is known only where it is used. */
function isReference(field: Field, value: unknown): boolean {
  return field.referenceable === true && isVaultReference(value)
}

function filled(entity: Entity, names: readonly string[]): number {
  return names.filter((name) => nonEmpty(valueAt(entity, name))).length
}

function nonEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return false
  return typeof value !== 'object' || Object.keys(value).length > 0
}

function valueAt(entity: unknown, path: string): unknown {
  return path.split('.').reduce((value: unknown, name) => (value as Entity | null | undefined)?.[name], entity)
}

function fieldAt(fields: FieldList, path: string): Field {
  const [name, ...rest] = path.split('.') as [string, ...string[]]
  const field = fields.find((entry) => name in entry)?.[name]
  if (field === undefined) throw new Error(`a schema names '${path}', which is none of its fields`)
  return rest.length === 0 ? field : fieldAt(field.fields ?? [], rest.join('.'))
}
