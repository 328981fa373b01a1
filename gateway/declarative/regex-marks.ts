import { fromBytes, normalisePath, toBytes } from '../router/normalise.ts'
import { isObject } from './is-object.ts'

const plain = /^[a-zA-Z0-9.\-_~/%]*$/

/** Formats before 3.0 tell a regex path by its characters; from 3.0 on a `~` marks it. */
export function withRegexMarks(document: Record<string, unknown>): Record<string, unknown> {
  if (document._format_version !== '1.1' && document._format_version !== '2.1') return document
  const services = mapped(document.services, (service) => ({ ...service, routes: mapped(service.routes, marked) }))
  return { ...document, services, routes: mapped(document.routes, marked) }
}

function marked(route: Record<string, unknown>): Record<string, unknown> {
  if (!Array.isArray(route.paths)) return route
  return { ...route, paths: route.paths.map((path) => (typeof path === 'string' ? markedPath(path) : path)) }
}

function markedPath(path: string): string {
  return plain.test(path) ? fromBytes(normalisePath(toBytes(path))) : `~${path}`
}

function mapped(list: unknown, change: (item: Record<string, unknown>) => Record<string, unknown>): unknown {
  return Array.isArray(list) ? list.map((item) => (isObject(item) ? change(item) : item)) : list
}
