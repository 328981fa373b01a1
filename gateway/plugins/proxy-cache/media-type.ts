const TOKEN = '[^\\x00-\\x20\\x7f-\\uffff()<>@,;:\\\\"/[\\]?={}]+'
const PARAMETER = `[ \\t]*;[ \\t]*(${TOKEN})=(?:(${TOKEN})|"((?:[^\\x00-\\x1f\\x7f"\\\\]|\\\\.)*)")`
const MEDIA_TYPE = new RegExp(`^(?:(${TOKEN})/(${TOKEN})|\\*)((?:${PARAMETER})*)$`)

/** RFC 9110 §8.3.1; `*` alone is `*` of everything. */
export interface MediaType {
  type: string
  subtype: string
  parameters: ReadonlyMap<string, string>
}

export function parseMediaType(text: string): MediaType | undefined {
  const found = MEDIA_TYPE.exec(text)
  if (!found) return undefined
  const [, type = '*', subtype = '*', rest = ''] = found
  const parameters = new Map<string, string>()
  for (const [, name = '', token, quoted = ''] of rest.matchAll(new RegExp(PARAMETER, 'g')))
    parameters.set(name.toLowerCase(), token ?? quoted)
  return { type: type.toLowerCase(), subtype: subtype.toLowerCase(), parameters }
}

/** Parameters must be the same ones: `application/json` does not stand for `application/json; charset=utf-8`. */
export function covers(wanted: MediaType, { type, subtype, parameters }: MediaType): boolean {
  return (
    (wanted.type === '*' || wanted.type === type) &&
    (wanted.subtype === '*' || wanted.subtype === subtype) &&
    wanted.parameters.size === parameters.size &&
    [...wanted.parameters].every(([name, value]) => parameters.get(name) === value)
  )
}
