import type { Errors, ErrorTree } from './schema.ts'

/** Without a prototype: a field may have been given a name that every object knows, `constructor` or `__proto__`. */
export const noErrors = (): ErrorTree => Object.create(null)

/** `path` is dotted. Where a record around it is wrong as a whole, that is what stays. */
export function setAt(errors: ErrorTree, path: string, error: Errors): void {
  const names = path.split('.')
  const last = names.pop() as string
  let tree = errors
  for (const name of names) {
    const inner = tree[name]
    if (typeof inner === 'string') return
    const next: ErrorTree = typeof inner === 'object' && !Array.isArray(inner) ? inner : {}
    tree[name] = next
    tree = next
  }
  tree[last] = error
}

/** Lists of errors are as long as the last wrong position, with null where nothing is wrong. */
export function setSparse(errors: (Errors | null)[], at: number, error: Errors): void {
  while (errors.length < at) errors.push(null)
  errors[at] = error
}
