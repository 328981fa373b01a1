/** Arguments of a query or a form: each name's values, `true` where a name stands without `=`. */
export type Arguments = Map<string, (string | true)[]>

const MAX_ARGUMENTS = 100

const unescaped = (text: string): string => {
  const spaced = text.replaceAll('+', ' ')
  if (!spaced.includes('%')) return spaced
  return spaced.replace(/(?:%[0-9a-f]{2})+/gi, (bytes) => Buffer.from(bytes.replaceAll('%', ''), 'hex').toString())
}

/** As OpenResty reads them: the first hundred, nameless ones left out, escapes that are none kept as they are. */
export function parseArguments(text: string | undefined): Arguments {
  const found: Arguments = new Map()
  if (!text) return found
  for (const part of text.split('&', MAX_ARGUMENTS)) {
    const equals = part.indexOf('=')
    const name = unescaped(equals < 0 ? part : part.slice(0, equals))
    if (name === '') continue
    const value = equals < 0 ? true : unescaped(part.slice(equals + 1))
    const values = found.get(name)
    if (values) values.push(value)
    else found.set(name, [value])
  }
  return found
}

/** In the order of what is written, as Kong writes a form or query that it has changed; the values of a name keep together. */
export function formatArguments(found: Arguments): string {
  const written = (name: string, value: string | true) =>
    encodeURIComponent(name) + (value === true ? '' : `=${encodeURIComponent(value)}`)
  return [...found]
    .map(([name, values]) => values.map((value) => written(name, value)).join('&'))
    .sort()
    .join('&')
}
