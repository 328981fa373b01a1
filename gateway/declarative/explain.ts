import { isObject } from './is-object.ts'
import type { Errors, ErrorTree } from './schema.ts'

/** An error tree as lines such as `services[1] (shop) routes[2] (cart): paths[1]: must not have empty segments`. */
export function explain(errors: ErrorTree, document: unknown): string[] {
  return lines(errors, document, '')
}

function lines(errors: Errors, about: unknown, place: string): string[] {
  if (typeof errors === 'string') return [`${place}: ${errors}`]
  const entries = Array.isArray(errors)
    ? errors.flatMap((error, at) => (error === null ? [] : [{ error, step: `[${at + 1}]`, inner: item(about, at) }]))
    : Object.entries(errors).map(([name, error]) => ({ error, step: field(place, name), inner: item(about, name) }))
  return entries.flatMap(({ error, step, inner }) => lines(error, inner, place + step + named(inner)))
}

function field(place: string, name: string): string {
  if (name === '@entity') return ''
  return place === '' ? name : ` ${name}`
}

function item(about: unknown, key: string | number): unknown {
  return typeof about === 'object' && about !== null ? (about as Record<string | number, unknown>)[key] : undefined
}

function named(about: unknown): string {
  if (!isObject(about)) return ''
  const name = about.name ?? about.username ?? about.target
  return typeof name === 'string' ? ` (${name})` : ''
}
