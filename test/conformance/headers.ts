/** By lower-case name; a list where a field came on several lines. */
export type Headers = Record<string, string | string[]>

export function lowerHeaders(raw: string[]): Headers {
  const headers: Headers = {}
  for (let at = 0; at < raw.length; at += 2) {
    const name = (raw[at] as string).toLowerCase()
    const value = raw[at + 1] as string
    const known = headers[name]
    headers[name] = known === undefined ? value : [known, value].flat()
  }
  return headers
}
