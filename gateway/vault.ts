import type { Field, FieldList } from './declarative/schema.ts'
import type { Entities } from './entities.ts'

/** Where a reference stands, and why nothing stands behind it. */
export class UnresolvedReference extends Error {
  readonly code = 'UNRESOLVED_REFERENCE'
}

/** Puts values in the place of `{vault://env/name}`, in the fields that a schema marks as referenceable. */
export interface Vault {
  /** The record with values for references; itself where it has none. Throws UnresolvedReference, which names the field. */
  resolve<T extends object>(fields: FieldList, record: T): T
}

export type Environment = Readonly<Record<string, string | undefined>>

/** `{vault://NAME/RESOURCE}` or `{vault://NAME/RESOURCE/KEY}`, with a `?prefix=` of its own; a `#VERSION` means nothing to an `env` vault. */
const REFERENCE = /^\{vault:\/\/([^/?#}]+)\/([^/?#}]+)(?:\/([^/?#}]+))?\/?(?:\?prefix=([^&#}]*))?(?:#\d+)?\}$/

const isReference = (value: unknown): value is string => typeof value === 'string' && value.startsWith('{vault://')

/** Kong's `env` vault, and those declared under a prefix of their own with `name: env`. */
export function createVault({ env, vaults }: { env: Environment; vaults: Entities['vaults'] }): Vault {
  const prefixes = new Map<string, string>([['env', '']])
  for (const { name, prefix, config } of vaults)
    if (name === 'env') prefixes.set(String(prefix), (config as { prefix?: string | null } | null)?.prefix ?? '')

  function lookUp(reference: string): string {
    const [, name = '', resource = '', key, ownPrefix] = REFERENCE.exec(reference) ?? []
    const prefix = ownPrefix ?? prefixes.get(name)
    if (prefix === undefined) throw new UnresolvedReference(`there is no vault '${name}'`)
    const variable = decodeURIComponent(prefix + resource)
      .replaceAll('-', '_')
      .toUpperCase()
    const value = env[variable]
    if (value === undefined) throw new UnresolvedReference(`the environment variable ${variable} is not set`)
    return key === undefined ? value : subKey(value, decodeURIComponent(key), variable)
  }

  function resolveField(field: Field, value: unknown, place: string): unknown {
    if (value === null || value === undefined) return value
    if (field.referenceable && isReference(value)) return locate(place, value)
    if (field.fields) return resolve(field.fields, value as object, `${place}.`)
    const inner = field.elements ?? field.values
    if (!inner || !mayRefer(inner)) return value
    if (Array.isArray(value)) return value.map((item, at) => resolveField(inner, item, `${place}[${at + 1}]`))
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, resolveField(inner, item, `${place}.${key}`)]),
    )
  }

  function locate(place: string, reference: string): string {
    try {
      return lookUp(reference)
    } catch (error) {
      throw new UnresolvedReference(`${place}: ${reference} leads nowhere: ${(error as Error).message}`)
    }
  }

  function resolve<T extends object>(fields: FieldList, record: T, prefix = ''): T {
    const given = record as Record<string, unknown>
    let resolved = given
    for (const entry of fields)
      for (const [name, field] of Object.entries(entry)) {
        const value = resolveField(field, given[name], prefix + name)
        if (value !== given[name]) resolved = { ...resolved, [name]: value }
      }
    return resolved as T
  }

  return { resolve }
}

const mayRefer = (field: Field): boolean =>
  field.referenceable === true ||
  (field.fields?.some((entry) => Object.values(entry).some(mayRefer)) ?? false) ||
  [field.elements, field.values].some((inner) => inner !== undefined && mayRefer(inner))

/** One field of a secret that is a flat JSON object. */
function subKey(secret: string, key: string, variable: string): string {
  let value: unknown
  try {
    const parsed: unknown = JSON.parse(secret)
    value = typeof parsed === 'object' && parsed !== null && Object.hasOwn(parsed, key) && Reflect.get(parsed, key)
  } catch {
    throw new UnresolvedReference(`the environment variable ${variable} is not JSON`)
  }
  if (typeof value !== 'string')
    throw new UnresolvedReference(`the environment variable ${variable} has no text under '${key}'`)
  return value
}
