import { type Alias, type Document, LineCounter, parseDocument, visit } from 'yaml'

/** Text that cannot be read. The message says where, and shows nothing of what stands there: it may be a secret. */
export class UnreadableText extends Error {
  readonly code = 'UNREADABLE_TEXT'
}

/** What is written in one YAML document. Throws UnreadableText. */
export function readYaml(text: string): unknown {
  const lineCounter = new LineCounter()
  const document = parseDocument(text, { merge: true, lineCounter, prettyErrors: false })
  const refuse = (offset: number, reason: string): never => {
    const { line, col } = lineCounter.linePos(offset)
    throw new UnreadableText(`line ${line}, column ${col}: ${reason}`)
  }
  const [problem] = [...document.errors, ...document.warnings]
  if (problem) refuse(problem.pos[0], problem.message)
  const aliases = text.includes('*') ? aliasesOf(document) : []
  const lost = aliases.find((alias) => !leadsSomewhere(alias, document))
  if (lost) refuse(startOf(lost), `nothing that ends before this alias has the anchor &${lost.source}`)
  try {
    return document.toJS()
  } catch (error) {
    return refuse(aliases.at(-1)?.range?.[0] ?? text.indexOf('<<'), (error as Error).message)
  }
}

function aliasesOf(document: Document): Alias[] {
  const found: Alias[] = []
  visit(document, { Alias: (_, alias) => void found.push(alias) })
  return found
}

/** An alias within what it stands for would never end. */
function leadsSomewhere(alias: Alias, document: Document): boolean {
  const source = alias.resolve(document)
  const end = source?.range?.[1]
  return end !== undefined && end <= startOf(alias)
}

const startOf = (alias: Alias): number => alias.range?.[0] ?? 0
