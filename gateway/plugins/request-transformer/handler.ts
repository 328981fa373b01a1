import type { Exchange } from '../../exchange.ts'
import type { Plugin } from '../../plugin.ts'
import { escapePath, toBytes } from '../../router/normalise.ts'
import { formatArguments, parseArguments } from '../arguments.ts'
import { bytesOf, contentTypeOf, kindOf, type ParsedBody, parseBody, readBody, replaceBody } from '../request-body.ts'
import type { TemplateScope } from './lua-expression.ts'
import { type Changes, type Config, type Prepared, prepare, render } from './prepare.ts'
import { scopeOf } from './scope.ts'
import type { Template } from './template.ts'
import { ARGUMENTS, JSON_FIELDS, transformFields, transformHeaders, transformParts } from './transform.ts'

/** A body that is to be changed is held whole. */
const BODY_LIMIT = 8 * 1024 * 1024
const EMPTY_JSON = Buffer.from('{}')

function transformPath(template: Template, exchange: Exchange, scope: TemplateScope): void {
  const path = template(scope)
  if (!path.startsWith('/')) throw new Error(`the path '${path}' does not begin with a slash`)
  exchange.upstream.path = escapePath(toBytes(path))
}

/** A body in which nothing is to be done travels as it came, byte for byte. */
async function transformBody(changes: Changes, exchange: Exchange): Promise<void> {
  const type = contentTypeOf(exchange)
  const kind = kindOf(type)
  if (kind === undefined) return
  const bytes = await bytesOf(exchange, BODY_LIMIT)
  // To an empty body fields can be added all the same.
  const body = parseBody(type, kind === 'json' && bytes.length === 0 ? EMPTY_JSON : bytes)
  const changed = body && changedBody(changes, body)
  if (changed) replaceBody(exchange, changed)
}

function changedBody(changes: Changes, body: ParsedBody): ParsedBody | undefined {
  if (body.kind === 'form') return transformFields(changes, body.fields, ARGUMENTS) ? body : undefined
  if (body.kind === 'multipart') {
    const parts = transformParts(changes, body.parts)
    return parts && { ...body, parts }
  }
  // A list has no fields that could change.
  if (Array.isArray(body.fields)) return undefined
  const fields = new Map(Object.entries(body.fields))
  return transformFields(changes, fields, JSON_FIELDS) ? { ...body, fields: Object.fromEntries(fields) } : undefined
}

/** A form that becomes a GET travels in the query as well. */
async function formIntoQuery(exchange: Exchange): Promise<void> {
  const body = await readBody(exchange, BODY_LIMIT)
  if (body?.kind !== 'form' || body.fields.size === 0) return
  const query = parseArguments(exchange.upstream.query)
  for (const [name, values] of body.fields) query.set(name, [...(query.get(name) ?? []), ...values])
  exchange.upstream.query = formatArguments(query)
}

const isBodyless = (method: string | undefined) => method === 'GET' || method === 'HEAD' || method === 'TRACE'

function transformQuery({ query }: Prepared, { upstream }: Exchange, scope: TemplateScope): undefined {
  if (query === undefined) return
  const found = parseArguments(upstream.query)
  transformFields(render(query, scope), found, ARGUMENTS)
  upstream.query = formatArguments(found) || undefined
}

async function transformWithBody(config: Prepared, exchange: Exchange, scope: TemplateScope): Promise<undefined> {
  if (config.body) await transformBody(render(config.body, scope), exchange)
  transformQuery(config, exchange, scope)
}

function transformHead({ headers }: Prepared, exchange: Exchange, scope: TemplateScope): void {
  if (headers) transformHeaders(render(headers, scope), exchange.upstream)
}

async function transformBodyless(config: Prepared, exchange: Exchange, scope: TemplateScope): Promise<undefined> {
  await formIntoQuery(exchange)
  transformHead(config, exchange, scope)
  return transformWithBody(config, exchange, scope)
}

/** Path, method, headers, body, query: what one step has changed the templates of the next may see. */
export const handler: Plugin<Config, Prepared> = {
  name: 'request-transformer',
  priority: 801,
  prepare,

  access(config, exchange) {
    const scope = scopeOf(exchange)
    if (config.path) transformPath(config.path, exchange, scope)
    if (config.method) exchange.upstream.method = config.method
    if (isBodyless(config.method)) return transformBodyless(config, exchange, scope)
    transformHead(config, exchange, scope)
    if (config.body) return transformWithBody(config, exchange, scope)
    return transformQuery(config, exchange, scope)
  },
}
