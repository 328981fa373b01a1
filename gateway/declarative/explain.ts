import { isObject } from './is-object.ts'
import type { Errors, ErrorTree } from './schema.ts'

/** An error tree as lines such as `services[1] (shop) routes[2] (cart) paths[1]: must not have empty segments`. */
export function explain(errors: ErrorTree, document: unknown): string[] {
  const secrets = secretsOf(document)
  const line = (text: string) => secrets.reduce((shown, secret) => shown.replaceAll(secret, '…'), text)
  return lines(errors, document, '').map(line)
}

function lines(errors: Errors, about: unknown, place: string): string[] {
  if (typeof errors === 'string') return [`${place}: ${errors}`]
  const entries: [string | number, Errors | null][] = Array.isArray(errors)
    ? [...errors.entries()]
    : Object.entries(errors)
  return entries.flatMap(([key, error]) => {
    if (error === null) return []
    if (key === '@entity') return Object.values(error as Errors[]).flatMap((one) => lines(one, about, place))
    const inner = item(about, key)
    return lines(error, inner, place + step(place, key) + named(inner))
  })
}

function step(place: string, key: string | number): string {
  if (typeof key === 'number') return `[${key + 1}]`
  return place === '' ? key : ` ${key}`
}

function item(about: unknown, key: string | number): unknown {
  return typeof about === 'object' && about !== null ? (about as Record<string | number, unknown>)[key] : undefined
}

function named(about: unknown): string {
  if (!isObject(about)) return ''
  const name = about.name ?? about.username ?? about.target
  return typeof name === 'string' ? ` (${name})` : ''
}

const secretFields = new Set(['key', 'secret', 'password', 'redis_password', 'gateway_token', 'key_alt'])

/** What stands in the document and must stand in no message. */
function secretsOf(document: unknown): string[] {
  if (typeof document !== 'object' || document === null) return []
  return Object.entries(document).flatMap(([name, value]) =>
    typeof value === 'string' ? (secretFields.has(name) && value.length > 3 ? [value] : []) : secretsOf(value),
  )
}
