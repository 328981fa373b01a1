import { parseExpression } from './lua-function.ts'
import { Names } from './lua-names.ts'
import { shown, type Table, tableOf, typeOf, type Value } from './lua-values.ts'

/** What templates speak of. Text in it, and in templates, is one character a byte, as Lua has it. */
export interface TemplateScope {
  headers: Table
  query_params: Table
  uri_captures: Table
}

export type Template = (scope: TemplateScope) => string

/**
 * Compiles a text with `$(…)` in it, which Kong evaluates as Lua: here that part of it which is of use in its sandbox, and no
 * loops. Throws SyntaxError at anything else.
 */
export function compileTemplate(text: string): Template {
  const parts: ((names: Names) => string)[] = []
  let literal = ''
  for (let at = 0; at < text.length; ) {
    const end = text.startsWith('$(', at) ? behindBrackets(text, at + 1) : 0
    if (end === 0) {
      literal += text.charAt(at++)
      continue
    }
    const before = literal
    const expression = parseExpression(text.slice(at + 2, end - 1))
    parts.push((names) => before + shown(expression(names)))
    literal = ''
    at = end
  }
  return (scope) => {
    const names = new Names({ get: (name) => globalsOf(scope, name) })
    return parts.map((part) => part(names)).join('') + literal
  }
}

/** Where the brackets that open here have all closed again, be it in a quoted text; 0 where they never do, and nothing is evaluated. */
function behindBrackets(text: string, open: number): number {
  let depth = 0
  for (let at = open; at < text.length; at++) {
    if (text[at] === '(') depth++
    else if (text[at] === ')' && --depth === 0) return at + 1
  }
  return 0
}

/** What Lua plugins tell each other: there are none here. */
const SHARED = tableOf([])

/** The sandbox has nothing else, `string` neither: any other name is nil, and fails where it is called or indexed. */
function globalsOf(scope: TemplateScope, name: string): Value {
  switch (name) {
    case 'headers':
    case 'query_params':
    case 'uri_captures':
      return scope[name]
    case 'shared':
      return SHARED
    case 'type':
      return typeOf
    default:
      return undefined
  }
}
