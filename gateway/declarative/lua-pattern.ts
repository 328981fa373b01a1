/** Kong's schemas write patterns in Lua's syntax; this is what they use of it, as a JavaScript expression. */

const classes: Record<string, string> = {
  a: 'A-Za-z',
  c: '\\x00-\\x1f\\x7f',
  d: '0-9',
  l: 'a-z',
  p: '!-\\/:-@\\[-`{-~',
  u: 'A-Z',
  w: 'A-Za-z0-9',
  s: '\\s',
  x: '0-9A-Fa-f',
}
const known = new Map<string, RegExp>()

export function matchesLuaPattern(value: string, pattern: string): boolean {
  return luaPattern(pattern).test(value)
}

export function luaPattern(pattern: string): RegExp {
  let regex = known.get(pattern)
  if (regex === undefined) {
    regex = toRegex(pattern)
    known.set(pattern, regex)
  }
  return regex
}

function toRegex(pattern: string): RegExp {
  let source = ''
  let inSet = false
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern[at] as string
    if (character === '%') source += escaped(pattern[++at] as string, inSet)
    else if (character === '-' && !inSet) source += '*?'
    else if (character === '\\' || ('{}|'.includes(character) && !inSet)) source += '\\' + character
    else source += character
    if (character === '[') inSet = true
    if (character === ']') inSet = false
  }
  return new RegExp(source, 's')
}

function escaped(character: string, inSet: boolean): string {
  const members = classes[character.toLowerCase()]
  if (members === undefined) return '\\' + character
  const isComplement = character !== character.toLowerCase()
  if (!inSet) return `[${isComplement ? '^' : ''}${members}]`
  return isComplement ? `\\${character}` : members
}
