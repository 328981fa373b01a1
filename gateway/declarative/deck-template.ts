export type Environment = Readonly<Record<string, string | undefined>>

/** A `${{ … }}` that cannot be filled in. The message says where. */
export class TemplateError extends Error {
  readonly code = 'DECK_TEMPLATE'
}

/** An expression, or what begins like one and never ends. */
const expression = /\$\{\{(?:(.*?)\}\}|.*)/gs
const call = /^\s*env\s+"([^"]*)"\s*(?:\|\s*(toInt|toFloat|toBool|indent\s+(\d+))\s*)?$/

/**
 * Fills in `${{ env "DECK_NAME" }}` as decK does: on the text, before it is read as YAML, so what quotes stand around it decide
 * whether a value is text. The filters toInt, toFloat and toBool therefore change nothing; `indent` indents the lines after the first.
 */
export function fillTemplate(text: string, env: Environment): string {
  return text.replace(expression, (written: string, inner: string | undefined, offset: number) => {
    const refuse = (reason: string): never => {
      throw new TemplateError(`${lineAndColumn(text, offset)}: ${reason}`)
    }
    if (inner === undefined) return refuse('an expression begins here and does not end')
    const [, name, filter, width] = call.exec(inner) ?? []
    if (name === undefined) return refuse(`${written} is not understood: write \${{ env "DECK_NAME" }}`)
    if (!name.startsWith('DECK_')) return refuse(`${written}: only variables named DECK_… may be used in a file`)
    const value = env[name] ?? refuse(`the environment variable ${name} is used in the file but not set`)
    return filter && width ? value.replaceAll('\n', '\n' + ' '.repeat(Number(width))) : value
  })
}

function lineAndColumn(text: string, offset: number): string {
  const before = text.slice(0, offset).split('\n')
  return `line ${before.length}, column ${(before.at(-1) as string).length + 1}`
}
