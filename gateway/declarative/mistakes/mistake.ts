/** One change that makes a sound file wrong, and what must be said of it. */
export interface Mistake {
  kind: string
  /** The document with the mistake in it. */
  document: unknown
  /** Where the mistake is, as the message must name it. */
  place: string
  /** Part of what must be said of it. */
  says: string
}

export type Path = readonly (string | number)[]

/** In the place of a value: there is to be none. */
export const NOTHING = Symbol('nothing')

/** The document with another value at a path; the rest is shared with the original. */
export function changed(document: unknown, [key, ...rest]: Path, value: unknown): unknown {
  if (key === undefined) return value
  const copy = (Array.isArray(document) ? [...document] : { ...(document as object) }) as Record<
    string | number,
    unknown
  >
  copy[key] = changed(copy[key], rest, value)
  if (copy[key] === NOTHING) delete copy[key]
  return copy
}

/** `services[1] (goods) routes[2] (calls) hosts[1]` */
export function placeOf(document: unknown, path: Path): string {
  let place = ''
  let about = document
  for (const key of path) {
    about = (about as Record<string | number, unknown> | null | undefined)?.[key]
    place += typeof key === 'number' ? `[${key + 1}]` : ` ${key}`
    const { name, username, target } = (about ?? {}) as Record<string, unknown>
    const shown = name ?? username ?? target
    if (typeof about === 'object' && !Array.isArray(about) && typeof shown === 'string') place += ` (${shown})`
  }
  return place.trimStart()
}

interface Wrong {
  kind: string
  says: string
  /** Where it is told, if not at the path that is changed. */
  at?: Path
}

export function mistakeAt(document: unknown, path: Path, value: unknown, { kind, says, at = path }: Wrong): Mistake {
  const wrong = changed(document, path, value)
  return { kind, document: wrong, place: placeOf(wrong, at), says }
}
