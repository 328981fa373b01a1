import type { Exchange } from '../../exchange.ts'
import type { Plugin } from '../../plugin.ts'
import { escapePath, toBytes } from '../../router/normalise.ts'
import { formatArguments, parseArguments } from '../arguments.ts'
import { readBody, replaceBody } from '../request-body.ts'
import { type Changes, type Config, type Prepared, prepare } from './prepare.ts'
import type { TemplateScope } from './template.ts'
import { transformArguments, transformForm, transformHeaders, transformJson } from './transform.ts'

/** A body that is to be changed is held whole. */
const BODY_LIMIT = 8 * 1024 * 1024

/** As it is before anything is changed. */
function scopeOf({ upstream, match }: Exchange): TemplateScope {
  const { keys, values } = upstream.headers
  const named = Object.entries(match?.captures ?? {})
  const query = [...parseArguments(upstream.query)].map(([name, found]) => [name, found[0] ?? true] as const)
  return {
    headers: new Map(keys.map((key, at) => [key, values[at] as string])),
    query_params: new Map(query),
    uri_captures: new Map([...named, ...named.map(([, value], at) => [String(at + 1), value] as const)]),
  }
}

async function transformBody(changes: Changes, exchange: Exchange, scope: TemplateScope): Promise<void> {
  const body = (await readBody(exchange, BODY_LIMIT)) ?? emptyJson(exchange)
  if (body === undefined) return
  if (body.kind === 'form') transformArguments(changes, body.fields, scope)
  else if (body.kind === 'multipart') transformForm(changes, body.fields, scope)
  else {
    const fields = new Map(Object.entries(body.fields))
    transformJson(changes, fields, scope)
    body.fields = Object.fromEntries(fields)
  }
  await replaceBody(exchange, body)
}

/** To an empty JSON body fields can be added all the same. */
const emptyJson = ({ request }: Exchange) =>
  request.contentLength === 0 && request.headers.get('content-type')?.toLowerCase().startsWith('application/json')
    ? { kind: 'json' as const, fields: {} }
    : undefined

/** A form that becomes a GET travels in the query as well. */
async function formIntoQuery(exchange: Exchange): Promise<void> {
  const body = await readBody(exchange, BODY_LIMIT)
  if (body?.kind !== 'form' || body.fields.size === 0) return
  const query = parseArguments(exchange.upstream.query)
  for (const [name, values] of body.fields) query.set(name, [...(query.get(name) ?? []), ...values])
  exchange.upstream.query = formatArguments(query)
}

async function transformWithBody(config: Prepared, exchange: Exchange, scope: TemplateScope): Promise<undefined> {
  if (isBodyless(config.method)) await formIntoQuery(exchange)
  if (config.body) await transformBody(config.body, exchange, scope)
  transformQuery(config, exchange, scope)
}

const isBodyless = (method: string | undefined) => method === 'GET' || method === 'HEAD' || method === 'TRACE'

function transformQuery({ query }: Prepared, { upstream }: Exchange, scope: TemplateScope): undefined {
  if (query === undefined) return
  const found = parseArguments(upstream.query)
  transformArguments(query, found, scope)
  upstream.query = formatArguments(found) || undefined
}

export const handler: Plugin<Config, Prepared> = {
  name: 'request-transformer',
  priority: 801,
  prepare,

  access(config, exchange) {
    const { upstream } = exchange
    const scope = scopeOf(exchange)
    if (config.path) upstream.path = escapePath(toBytes(config.path(scope)))
    if (config.method) upstream.method = config.method
    if (config.headers) upstream.host = transformHeaders(config.headers, upstream, scope) ?? upstream.host
    if (config.body || isBodyless(config.method)) return transformWithBody(config, exchange, scope)
    return transformQuery(config, exchange, scope)
  },
}
