/** Kong writes the errors of a config into its message as a Lua table, on one line or with each entry indented on its own. */
export function luaTable(value: unknown, indent?: string): string {
  if (value === null) return 'null'
  if (typeof value !== 'object') return typeof value === 'string' ? JSON.stringify(value) : String(value)
  const inner = indent === undefined ? undefined : `${indent}  `
  const is = inner === undefined ? '=' : ' = '
  const entries = Array.isArray(value)
    ? value.flatMap((item, at) => (item === null ? [] : [position(value, at, is) + luaTable(item, inner)]))
    : sorted(value).map(([key, item]) => `${name(key)}${is}${luaTable(item, inner)}`)
  return inner === undefined ? `{${entries.join(',')}}` : `{\n${inner}${entries.join(`,\n${inner}`)}\n${indent}}`
}

/** Only what follows on an empty place needs its position written down. */
function position(list: unknown[], at: number, is: string): string {
  return list.slice(0, at).includes(null) ? `[${at + 1}]${is}` : ''
}

function sorted(table: object): [string, unknown][] {
  return Object.entries(table).sort(([one], [other]) => (one < other ? -1 : 1))
}

function name(key: string): string {
  return /^[A-Za-z_]\w*$/.test(key) ? key : `[${JSON.stringify(key)}]`
}
