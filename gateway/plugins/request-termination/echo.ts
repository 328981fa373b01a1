import { hostname } from 'node:os'
import type { Exchange } from '../../exchange.ts'
import { parseArguments } from '../arguments.ts'
import { shownInWorkspace } from '../entity-view.ts'
import { partValues } from '../multipart.ts'
import { readBody } from '../request-body.ts'

/** nginx holds a body of up to this size in memory; of a longer one Kong shows nothing. */
const BODY_LIMIT = 8192

/** The request as it arrived and what the router made of it, for the client to look at. */
export async function echo(exchange: Exchange, message: string | undefined, nodeId: string): Promise<object> {
  const { request, match } = exchange
  const isShort = (request.contentLength ?? 0) <= BODY_LIMIT
  const rawBody = isShort ? (await request.body(BODY_LIMIT)).toString() : undefined
  const captures = match?.captures ?? {}
  return {
    message,
    kong: { node_id: nodeId, worker_pid: process.pid, hostname: hostname() },
    request: {
      scheme: request.scheme,
      host: request.host,
      port: exchange.listenPort,
      headers: byName(request.headers.keys, (key) => request.headers.getAll(key)),
      query: fromArguments(request.query),
      body: isShort ? await shownBody(exchange) : undefined,
      raw_body: rawBody,
      method: request.method,
      path: request.path,
      uri_captures: { named: captures, unnamed: Object.values(captures) },
    },
    matched_route: match && shownInWorkspace(match.route),
    matched_service: match?.service && shownInWorkspace(match.service),
  }
}

async function shownBody(exchange: Exchange): Promise<unknown> {
  const body = await readBody(exchange, BODY_LIMIT)
  switch (body?.kind) {
    case 'json':
      return body.fields
    case 'form':
      return byName(body.fields.keys(), (name) => body.fields.get(name) ?? [])
    case 'multipart':
      return byName(
        body.parts.map(({ name }) => name),
        (name) => partValues(body.parts, name),
      )
  }
}

function fromArguments(query: string | undefined): object {
  const given = parseArguments(query)
  return byName(given.keys(), (name) => given.get(name) ?? [])
}

/** A name's only value, or the list of its values. */
function byName(names: Iterable<string>, values: (name: string) => readonly unknown[]): object {
  return Object.fromEntries(
    [...names].map((name) => [name, values(name).length === 1 ? values(name)[0] : values(name)]),
  )
}
