/**
 * Kong's schema form: an entity or plugin is described by data, and one engine fills defaults and checks.
 * Field order is the order in which Kong lists fields; `GET /schemas/…` serves these objects as they are
 * (functions fall away in JSON, as they do in Kong's own answer).
 */

export type FieldType = 'string' | 'integer' | 'number' | 'boolean' | 'array' | 'set' | 'map' | 'record' | 'foreign'

/** A check of one value: gives what is wrong with it, or undefined. */
export type Check<Value = unknown> = (value: Value) => string | undefined

/** `pattern` is a Lua pattern, as Kong's schemas write them. */
interface PatternCheck {
  pattern: string
  err?: string
}

/** What may be asked of one value, whatever its type; `then_match` and `if_match` of a conditional ask the same. */
export interface Constraints {
  required?: boolean
  eq?: unknown
  ne?: unknown
  gt?: number
  between?: [number, number]
  len_eq?: number
  len_min?: number
  len_max?: number
  one_of?: readonly (string | number)[]
  not_one_of?: readonly (string | number)[]
  contains?: unknown
  starts_with?: string
  match?: string
  not_match?: string
  match_all?: readonly PatternCheck[]
  match_none?: readonly PatternCheck[]
  match_any?: { patterns: readonly string[]; err?: string }
  is_regex?: boolean
  uuid?: boolean
  timestamp?: boolean
  mutually_exclusive_subsets?: readonly (readonly string[])[]
  custom_validator?: Check<never>
  /** Replaces the message of whichever constraint failed. */
  err?: string
}

export interface Field extends Constraints {
  type: FieldType
  default?: unknown
  elements?: Field
  keys?: Field
  values?: Field
  /** Of a record, as the two below. */
  fields?: FieldList
  shorthand_fields?: readonly Record<string, ShorthandField>[]
  entity_checks?: readonly EntityCheck[]
  /** Of a foreign field: the collection that it points to. */
  reference?: string
  on_delete?: 'cascade'
  /** Given by the gateway when not declared. */
  auto?: boolean
  unique?: boolean
  unique_across_ws?: boolean
  /** May hold a `{vault://…}` reference, which is resolved only where the value is used. */
  referenceable?: boolean
  encrypted?: boolean
  transient?: boolean
  abstract?: boolean
  deprecation?: Deprecation
}

export interface Deprecation {
  message: string
  removal_in_version: string
  old_default?: unknown
  replaced_with?: readonly { path: readonly string[] }[]
}

/** A field that is only another way to write other fields; `func` gives those (nested as in the record). */
export interface ShorthandField extends Field {
  func?: (value: never) => Record<string, unknown>
}

/** One name and its field an element, because order matters and Kong lists them so. */
export type FieldList = readonly Record<string, Field>[]

export type EntityCheck =
  | { at_least_one_of: readonly string[] }
  | { only_one_of: readonly string[] }
  | { mutually_required: readonly string[] }
  | { distinct: readonly string[] }
  | { conditional: Conditional }
  | { conditional_at_least_one_of: ConditionalAtLeastOneOf }
  | { custom_entity_check: CustomEntityCheck }

export interface Conditional {
  if_field: string
  if_match: Partial<Field>
  then_field: string
  then_match: Constraints
  then_err?: string
}

/** `%s` in an error stands for the list of fields. */
export interface ConditionalAtLeastOneOf {
  if_field: string
  if_match: Partial<Field>
  then_at_least_one_of: readonly string[]
  then_err: string
  /** The three of them or none. */
  else_match?: Constraints
  else_then_at_least_one_of?: readonly string[]
  else_then_err?: string
}

/**
 * For what the other checks cannot say. `fn` takes the whole entity; it gives an error for the entity,
 * or errors by field (nested as the fields are). It runs once its sources are sound.
 */
export interface CustomEntityCheck {
  field_sources: readonly string[]
  run_with_missing_fields?: boolean
  fn?: (entity: never) => string | ErrorTree | undefined
}

/** What an entity's schema has, and a plugin's, and a record within them. */
export interface RecordSchema {
  fields: FieldList
  shorthand_fields?: readonly Record<string, ShorthandField>[]
  entity_checks?: readonly EntityCheck[]
}

/** An entity. Its name is its collection's. */
export interface Schema extends RecordSchema {
  name: string
  /** The field besides `id` by which one entity is found: `GET /<collection>/<value>`. */
  endpoint_key?: string
  /** Fields that, taken together, tell one entity from all others; its id is made from them. */
  cache_key?: readonly string[]
  /** What is kept in place of what was written, such as the hash of a password; asked once, when references are resolved. */
  transform?(entity: Record<string, unknown>): Record<string, unknown>
  /** Fields that follow from others, whatever was given. */
  derive?(entity: never): Record<string, unknown>
  /** What holds for some entities only, such as a plugin's config; an error tree where nothing can be said about this one. */
  subschema?(entity: Record<string, unknown>): RecordSchema | { error: ErrorTree }
}

/** A plugin's: `consumer` and `protocols` (see plugin-fields.ts), and the record `config`. */
export interface PluginSchema extends RecordSchema {
  name: string
}

/** Errors by field; of a list by position (null where nothing is wrong), of an entity as a whole under `@entity`. */
export interface ErrorTree {
  [field: string]: Errors
}
export type Errors = string | ErrorTree | (Errors | null)[]
