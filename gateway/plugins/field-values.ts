import type { HeaderList } from '../http1/header-list.ts'

/** The first of a header's values. */
export function fieldValue(headers: HeaderList, name: string): string | undefined {
  const key = name.toLowerCase()
  return headers.get(key) ?? (key.includes('_') ? headers.get(key.replaceAll('_', '-')) : undefined)
}

/** By a name in which dashes and underscores are alike, as in nginx's variables `$http_…`, which `kong.request.get_header` reads. */
export function likeNamedValue(headers: HeaderList, name: string): string | undefined {
  return fieldValue(headers, name) ?? headers.get(name.toLowerCase().replaceAll('-', '_'))
}

/** A header's values by a declared name: one with underscores also finds the header that has dashes in their place. */
export function fieldValues(headers: HeaderList, name: string): string[] {
  const key = name.toLowerCase()
  const values = headers.getAll(key)
  return values.length > 0 || !key.includes('_') ? values : headers.getAll(key.replaceAll('_', '-'))
}

/** The name under which a field of the answer is set, and found: nginx writes dashes for underscores there. */
export const answerField = (name: string): string => name.replaceAll('_', '-')
