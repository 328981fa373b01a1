import { fromBytes, toBytes } from '../../router/normalise.ts'
import { parsePairs } from '../pairs.ts'
import { compileTemplate, type Template, type TemplateScope } from './template.ts'

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

interface Named<Value> {
  name: string
  value: Value
}

interface ChangesOf<Value> {
  remove: string[]
  rename: Named<Value>[]
  replace: Named<Value>[]
  add: Named<Value>[]
  append: Named<Value>[]
}

/** The changes to one part of a request, as declared. */
export type DeclaredChanges = ChangesOf<Template>

/** The same as they stand for one request. */
export type Changes = ChangesOf<string>

export interface Prepared {
  method: string | undefined
  path: Template | undefined
  /** Undefined where a part is left as it is. */
  headers: DeclaredChanges | undefined
  query: DeclaredChanges | undefined
  body: DeclaredChanges | undefined
}

/** Every template is rendered, also that of a value which will not be needed, and before anything changes. */
export function render(declared: DeclaredChanges, scope: TemplateScope): Changes {
  const rendered = (list: Named<Template>[]) => list.map(({ name, value }) => ({ name, value: value(scope) }))
  const { remove, rename, replace, add, append } = declared
  return {
    remove,
    rename: rendered(rename),
    replace: rendered(replace),
    add: rendered(add),
    append: rendered(append),
  }
}

/** Kong compiles a template where it is needed first: one that is no Lua fails the requests, and not the file. */
function compiled(text: string): Template {
  try {
    return compileTemplate(toBytes(text))
  } catch (error) {
    return () => {
      throw error
    }
  }
}

/** Headers are made of bytes, queries and bodies of text. */
function templates(part: keyof Section, texts: string[]): Named<Template>[] {
  const inText = (template: Template): Template =>
    part === 'headers' ? template : (scope) => fromBytes(template(scope))
  return parsePairs(texts).flatMap(({ name, value }) =>
    value === undefined ? [] : [{ name, value: inText(compiled(value)) }],
  )
}

function changes({ remove, rename, replace, add, append }: Config, part: keyof Section): DeclaredChanges | undefined {
  if ([remove, rename, replace, add, append].every((section) => section[part].length === 0)) return undefined
  return {
    remove: parsePairs(remove[part]).map(({ name }) => name),
    rename: templates(part, rename[part]),
    replace: templates(part, replace[part]),
    add: templates(part, add[part]),
    append: templates(part, append[part]),
  }
}

export function prepare(config: Config): Prepared {
  return {
    method: config.http_method ?? undefined,
    path: config.replace.uri ? compiled(config.replace.uri) : undefined,
    headers: changes(config, 'headers'),
    query: changes(config, 'querystring'),
    body: changes(config, 'body'),
  }
}
