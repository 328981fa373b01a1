import { isDeepStrictEqual } from 'node:util'

/** Where `actual` departs from `expected`, one line a place. */
export function differences(expected: unknown, actual: unknown, at: string): string[] {
  if (isDeepStrictEqual(expected, actual)) return []
  if (isTree(expected) && isTree(actual) && Array.isArray(expected) === Array.isArray(actual)) {
    const keys = new Set([...Object.keys(expected), ...Object.keys(actual)])
    return [...keys].flatMap((key) => differences(expected[key], actual[key], `${at}.${key}`))
  }
  return [`${at}: Kong ${JSON.stringify(expected)}, here ${JSON.stringify(actual)}`]
}

function isTree(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
