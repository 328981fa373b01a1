import { type Expression, parseExpression, type TemplateScope } from './lua-expression.ts'
import { shown } from './lua-values.ts'

export type Template = (scope: TemplateScope) => string

/**
 * Compiles a text with `$(…)` in it. Of Lua, in which Kong evaluates them, this takes expressions over what its sandbox has:
 * literals, operators, indexes, `type` and the methods of texts. Throws SyntaxError at anything else.
 */
export function compileTemplate(text: string): Template {
  const parts: (string | Expression)[] = []
  let at = 0
  for (let start = text.indexOf('$('); start >= 0; start = text.indexOf('$(', at)) {
    parts.push(text.slice(at, start))
    const { expression, end } = parseExpression(text, start + 2)
    parts.push(expression)
    at = end
  }
  parts.push(text.slice(at))
  return (scope) => parts.map((part) => (typeof part === 'string' ? part : shown(part(scope)))).join('')
}
