import { readFile } from 'node:fs/promises'
import { parse } from 'yaml'
import type { Entities } from '../entities.ts'
import { fromDeckFile, mergeDocuments } from './deck-file.ts'
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

/**
 * Reads decK files, YAML or JSON, as one declaration. Rejects with TemplateError, InvalidDeclaration, or the parser's or file
 * system's error.
 */
export async function loadFiles(paths: readonly string[], env: Environment): Promise<Entities> {
  return entitiesOf(paths, await readFiles(paths, env))
}

/** Of a declaration that was read from these files; throws InvalidDeclaration. */
export function entitiesOf(paths: readonly string[], document: unknown): Entities {
  const { entities, errors } = validate(document)
  if (errors) throw new InvalidDeclaration(paths.join(', '), errors, document)
  return entities
}

/** The files' declaration in Kong's form, as `POST /config` takes it, before it is validated. */
export async function readFiles(paths: readonly string[], env: Environment): Promise<unknown> {
  if (paths.length === 0) return { _format_version: '3.0' }
  const texts = await Promise.all(paths.map((path) => readFile(path, 'utf8')))
  return mergeDocuments(texts.map((text) => fromDeckFile(parseText(fillTemplate(text, env)))))
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
