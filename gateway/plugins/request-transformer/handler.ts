import type { Exchange } from '../../exchange.ts'
import type { Plugin } from '../../plugin.ts'
import { escapePath } from '../../router/normalise.ts'
import { formatArguments, parseArguments } from '../arguments.ts'
import { bytesOf, contentTypeOf, kindOf, type ParsedBody, parseBody, readBody, replaceBody } from '../request-body.ts'
import { type Changes, type Config, type Prepared, prepare, render } from './prepare.ts'
import { scopeOf } from './scope.ts'
import type { Template, TemplateScope } from './template.ts'
import { ARGUMENTS, JSON_FIELDS, transformFields, transformHeaders, transformParts } from './transform.ts'

/** A body that is to be changed is held whole. */
const BODY_LIMIT = 8 * 1024 * 1024
const EMPTY_JSON = Buffer.from('{}')

function transformPath(template: Template, exchange: Exchange, scope: TemplateScope): void {
  const path = template(scope)
  if (!path.startsWith('/')) throw new Error(`the path '${path}' does not begin with a slash`)
  exchange.upstream.path = escapePath(path)
}

/** A body in which nothing is to be done travels as it came, byte for byte. */
async function transformBody(changes: Changes, exchange: Exchange): Promise<void> {
  const type = contentTypeOf(exchange)
  const kind = kindOf(type)
  if (kind === undefined) return
  const bytes = await bytesOf(exchange, BODY_LIMIT)
  const isEmpty = bytes.length === 0
  // To an empty body fields can be added all the same.
  const body = parseBody(type, kind === 'json' && isEmpty ? EMPTY_JSON : bytes)
  const changed = body && changedBody(changes, body, isEmpty)
  if (changed) replaceBody(exchange, changed)
}

function changedBody(changes: Changes, body: ParsedBody, isEmpty: boolean): ParsedBody | undefined {
  if (body.kind === 'form') return transformFields(changes, body.fields, ARGUMENTS, isEmpty) ? body : undefined
  if (body.kind === 'multipart') {
    const parts = transformParts(changes, body.parts)
    return parts && { ...body, parts }
  }
  // A list takes no fields: it is written as it was, in the gateway's own spelling.
  if (Array.isArray(body.fields)) return transformFields(changes, new Map(), JSON_FIELDS) ? body : undefined
  const fields = new Map(Object.entries(body.fields))
  const changed = transformFields(changes, fields, JSON_FIELDS, isEmpty)
  return changed ? { ...body, fields: Object.fromEntries(fields) } : undefined
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
  // Where there was nothing but a question mark, that stays.
  upstream.query = formatArguments(found) || (upstream.query === '' ? '' : undefined)
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
