/** `name:value`; without a value there is nothing to write. */
export interface Pair {
  name: string
  value: string | undefined
}

const PAIR = /^([^:]+):*(.*)$/s

export function parsePairs(texts: readonly string[]): Pair[] {
  return texts.map((text) => {
    const [, name = '', value] = PAIR.exec(text) ?? []
    return { name, value: value || undefined }
  })
}
