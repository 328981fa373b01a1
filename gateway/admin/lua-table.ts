import type { Errors } from '../declarative/schema.ts'

/** Kong writes the errors of a config into its message as a Lua table. */
export function luaTable(value: Errors): string {
  if (typeof value === 'string') return JSON.stringify(value)
  const entries = Array.isArray(value)
    ? value.flatMap((item, at) => (item === null ? [] : [position(value, at) + luaTable(item)]))
    : Object.entries(value).map(([key, item]) => `${name(key)}=${luaTable(item)}`)
  return `{${entries.join(',')}}`
}

/** Only what follows on an empty place needs its position written down. */
function position(list: (Errors | null)[], at: number): string {
  return list.slice(0, at).includes(null) ? `[${at + 1}]=` : ''
}

function name(key: string): string {
  return /^[A-Za-z_]\w*$/.test(key) ? key : `[${JSON.stringify(key)}]`
}
