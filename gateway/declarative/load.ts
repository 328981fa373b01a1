import { readFile } from 'node:fs/promises'
import type { Entities } from '../entities.ts'
import { fromDeckFile, infoErrors, mergeDocuments } from './deck-file.ts'
import { type Environment, fillTemplate } from './deck-template.ts'
import { explain } from './explain.ts'
import { readYaml } from './read-yaml.ts'
import type { ErrorTree } from './schema.ts'
import { validate } from './validate.ts'
import { readVariables } from './variables.ts'

/** A declared config that is refused as a whole. The message says where and why, one line a place. */
export class InvalidDeclaration extends Error {
  readonly code = 'INVALID_DECLARATION'
  readonly errors: ErrorTree

  constructor(source: string, { errors, located }: { errors: ErrorTree; located: ErrorTree }, document: unknown) {
    super([`${source} is refused:`, ...explain(located, document)].join('\n  '))
    this.errors = errors
  }
}

/** A file that is no decK file at all; the message names it, and line and column. */
export class UnreadableFile extends Error {
  readonly code = 'UNREADABLE_FILE'
}

/** Reads decK files, YAML or JSON, as one declaration. Rejects with UnreadableFile, InvalidDeclaration, or the file system's error. */
export async function loadFiles(paths: readonly string[], env: Environment): Promise<Entities> {
  return entitiesOf(paths, await readFiles(paths, env))
}

/** Of a declaration that was read from these files; throws InvalidDeclaration. */
export function entitiesOf(paths: readonly string[], document: unknown): Entities {
  const validated = validate(document)
  if (validated.errors) throw new InvalidDeclaration(paths.join(', '), validated, document)
  return validated.entities
}

/** The files' declaration in Kong's form, as `POST /config` takes it, before it is validated. */
export async function readFiles(paths: readonly string[], env: Environment): Promise<unknown> {
  if (paths.length === 0) return { _format_version: '3.0' }
  const variables = await readVariables(env)
  return mergeDocuments(await Promise.all(paths.map((path) => readDeckFile(path, variables))))
}

async function readDeckFile(path: string, env: Environment): Promise<unknown> {
  return declarationOf(path, parseDeckFile(path, await readFile(path, 'utf8'), env))
}

/** What a file holds, in Kong's form. Throws InvalidDeclaration where its `_info` is wrong. */
export function declarationOf(path: string, document: unknown): unknown {
  const wrong = infoErrors(document)
  if (wrong) throw new InvalidDeclaration(path, { errors: { _info: wrong }, located: { _info: wrong } }, document)
  return fromDeckFile(document)
}

/** Throws UnreadableFile. */
export function parseDeckFile(path: string, text: string, env: Environment): unknown {
  try {
    return parseText(fillTemplate(text, env))
  } catch (error) {
    throw new UnreadableFile(`${path}: ${(error as Error).message}`, { cause: error })
  }
}

/** Throws UnreadableText. JSON is YAML as well, but read much faster as what it is. */
export function parseText(text: string): unknown {
  if (text.trimStart().startsWith('{')) {
    try {
      return JSON.parse(text)
    } catch {
      // YAML may begin with a brace too.
    }
  }
  return readYaml(text) ?? {}
}
