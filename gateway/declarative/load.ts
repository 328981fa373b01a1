import { readFile } from 'node:fs/promises'
import { parse } from 'yaml'
import type { Entities } from '../entities.ts'
import { fromDeckFile } from './deck-file.ts'
import { type Environment, fillTemplate } from './deck-template.ts'
import { explain } from './explain.ts'
import type { ErrorTree } from './schema.ts'
import { validate } from './validate.ts'

/** A declared config that is refused as a whole. The message says where and why, one line a place. */
export class InvalidDeclaration extends Error {
  readonly code = 'INVALID_DECLARATION'
  readonly errors: ErrorTree

  constructor(source: string, errors: ErrorTree, document: unknown) {
    super([`${source} is refused:`, ...explain(errors, document)].join('\n  '))
    this.errors = errors
  }
}

/** Reads a decK file, YAML or JSON. Rejects with TemplateError, InvalidDeclaration, or the parser's or file system's error. */
export async function loadFile(path: string, env: Environment): Promise<Entities> {
  const document = fromDeckFile(parseText(fillTemplate(await readFile(path, 'utf8'), env)))
  const { entities, errors } = validate(document)
  if (errors) throw new InvalidDeclaration(path, errors, document)
  return entities
}

/** Throws the parser's error, which names line and column. JSON is YAML as well, but read much faster as what it is. */
export function parseText(text: string): unknown {
  if (text.trimStart().startsWith('{')) {
    try {
      return JSON.parse(text)
    } catch {
      // YAML may begin with a brace too.
    }
  }
  return parse(text, { merge: true }) ?? {}
}
