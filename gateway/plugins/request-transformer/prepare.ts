import { toBytes } from '../../router/normalise.ts'
import { parsePairs } from '../pairs.ts'
import { compileTemplate, type Template } from './template.ts'

interface Section {
  body: string[]
  headers: string[]
  querystring: string[]
}

export interface Config {
  http_method: string | null
  remove: Section
  rename: Section
  replace: Section & { uri: string | null }
  add: Section
  append: Section
}

export interface NamedTemplate {
  name: string
  value: Template
}

/** The changes to one part of a request. */
export interface Changes {
  remove: string[]
  rename: { name: string; value: string }[]
  replace: NamedTemplate[]
  add: NamedTemplate[]
  append: NamedTemplate[]
}

export interface Prepared {
  method: string | undefined
  path: Template | undefined
  /** Undefined where a part is left as it is. */
  headers: Changes | undefined
  query: Changes | undefined
  body: Changes | undefined
}

const templates = (texts: string[]): NamedTemplate[] =>
  parsePairs(texts).flatMap(({ name, value }) => (value === undefined ? [] : [{ name, value: compileTemplate(value) }]))

function changes({ remove, rename, replace, add, append }: Config, part: keyof Section): Changes | undefined {
  if ([remove, rename, replace, add, append].every((section) => section[part].length === 0)) return undefined
  // Headers are made of bytes, queries and bodies of text.
  const texts = (section: Section) => (part === 'headers' ? section.headers.map(toBytes) : section[part])
  return {
    remove: parsePairs(remove[part]).map(({ name }) => name),
    rename: parsePairs(rename[part]).flatMap(({ name, value }) => (value === undefined ? [] : [{ name, value }])),
    replace: templates(texts(replace)),
    add: templates(texts(add)),
    append: templates(texts(append)),
  }
}

export function prepare(config: Config): Prepared {
  return {
    method: config.http_method ?? undefined,
    path: config.replace.uri ? compileTemplate(config.replace.uri) : undefined,
    headers: changes(config, 'headers'),
    query: changes(config, 'querystring'),
    body: changes(config, 'body'),
  }
}
