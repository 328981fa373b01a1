export type Environment = Readonly<Record<string, string | undefined>>

/** A `${{ … }}` that cannot be filled in. */
export class TemplateError extends Error {
  readonly code = 'DECK_TEMPLATE'
}

const expression = /\$\{\{(.*?)\}\}/gs
const call = /^\s*env\s+"([^"]*)"\s*(?:\|\s*(toInt|toFloat|toBool|indent\s+(\d+))\s*)?$/

/**
 * Fills in `${{ env "DECK_NAME" }}` as decK does: on the text, before it is read as YAML, so what quotes stand around it decide
 * whether a value is text. The filters toInt, toFloat and toBool therefore change nothing; `indent` indents the lines after the first.
 */
export function fillTemplate(text: string, env: Environment): string {
  return text.replace(expression, (written: string, inner: string) => {
    const [, name, filter, width] = call.exec(inner) ?? []
    if (name === undefined) throw new TemplateError(`${written} is not understood: write \${{ env "DECK_NAME" }}`)
    if (!name.startsWith('DECK_'))
      throw new TemplateError(`${written}: only variables named DECK_… may be used in a file`)
    const value = env[name]
    if (value === undefined) throw new TemplateError(`the environment variable ${name} is used in the file but not set`)
    return filter && width ? value.replaceAll('\n', '\n' + ' '.repeat(Number(width))) : value
  })
}
