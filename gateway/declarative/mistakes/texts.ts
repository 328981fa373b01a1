import type { SoundFile } from './sound-file.ts'

/** A text that is no decK file; `line` is where it is told, where that is sure. */
export interface WrongText {
  what: string
  text: string
  line?: number | undefined
}

/** Slips of the hand in a sound file: another one on each line where one is possible. */
export function* slips({ text }: SoundFile): Generator<WrongText> {
  const lines = text.split('\n')
  const pairs = lines.map((line) => /^( *)(\w+): +(?![>|&*#])(.+)$/.exec(line))
  for (const [at, pair] of pairs.entries()) {
    if (pair === null) continue
    const [line, indent, key, value] = pair as unknown as [string, string, string, string]
    const { what, news, lineOf } = SLIPS[at % SLIPS.length] as Slip
    const wrong = lines.toSpliced(at, 1, ...news({ line, indent, key, value })).join('\n')
    yield { what: `line ${at + 1} ${what}`, text: wrong, line: lineOf?.(at + 1) }
  }
}

interface Slip {
  what: string
  news(pair: { line: string; indent: string; key: string; value: string }): string[]
  lineOf?(line: number): number
}

const SLIPS: Slip[] = [
  { what: 'twice', news: ({ line }) => [line, line], lineOf: (line) => line + 1 },
  { what: 'behind a tab', news: ({ indent, key, value }) => [`${indent}\t${key}: ${value}`] },
  { what: 'with an open quote', news: ({ indent, key, value }) => [`${indent}${key}: "${value.replaceAll('"', '')}`] },
  { what: 'with two colons', news: ({ indent, key }) => [`${indent}${key}: a: b`], lineOf: (line) => line },
  { what: 'with an open bracket', news: ({ indent, key, value }) => [`${indent}${key}: [${value}`] },
]

const HEAD = '_format_version: "3.0"\n'

/** Each alias stands for nine of the one before it. */
const bomb = (): string => {
  const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x]']
  for (let at = 1; at < 9; at++) lines.push(`a${at}: &a${at} [${Array(9).fill(`*a${at - 1}`)}]`)
  return `${lines.join('\n')}\n`
}

export const WRONG_TEXTS: WrongText[] = [
  { what: 'an alias bomb', text: HEAD + bomb() },
  { what: 'an alias of nothing', text: `${HEAD}services: *none`, line: 2 },
  { what: 'an alias before its anchor', text: `${HEAD}services: *later\nroutes: &later []`, line: 2 },
  { what: 'an alias of what it stands in', text: `${HEAD}services: &self [*self]`, line: 2 },
  { what: 'a merge of a number', text: `${HEAD}<<: 5`, line: 2 },
  { what: 'an unknown tag', text: `${HEAD}services: !ruby/object {}`, line: 2 },
  { what: 'two documents', text: `${HEAD}---\n${HEAD}` },
  { what: 'a list that goes on as a map', text: `${HEAD}services:\n  - a\n  b: c` },
  { what: 'a reserved character', text: `${HEAD}services: @x`, line: 2 },
  { what: 'a wrong escape', text: `${HEAD}_comment: "\\q"`, line: 2 },
  { what: 'JSON that breaks off', text: '{"_format_version": "3.0", "services": [' },
  { what: 'JSON with a comma missing', text: '{"_format_version": "3.0"\n"services": []}' },
  { what: 'a variable that is not set', text: `${HEAD}_comment: \${{ env "DECK_NOWHERE" }}`, line: 2 },
  { what: "a variable that is not decK's", text: `${HEAD}_comment: \${{ env "HOME" }}`, line: 2 },
  { what: 'a variable without quotes', text: `${HEAD}_comment: \${{ env DECK_X }}`, line: 2 },
  { what: 'an unknown function', text: `${HEAD}_comment: \${{ exec "ls" }}`, line: 2 },
  { what: 'an unknown filter', text: `${HEAD}_comment: \${{ env "DECK_X" | upper }}`, line: 2 },
  { what: 'an expression without end', text: `${HEAD}_comment: \${{ env "DECK_X"`, line: 2 },
  { what: 'an empty expression', text: `${HEAD}_comment: \${{}}`, line: 2 },
]
