import type { Exchange } from '../exchange.ts'
import { type Arguments, formatArguments, parseArguments } from './arguments.ts'

/** A request body as its media type lets it be read and written again. */
export type ParsedBody =
  | { kind: 'form'; fields: Arguments }
  | { kind: 'json'; fields: Record<string, unknown> }
  | { kind: 'multipart'; fields: FormData }

/** The body by its Content-Type; undefined where that is none of the three, or the body is not what it says. */
export async function readBody(exchange: Exchange, limit: number): Promise<ParsedBody | undefined> {
  const type = exchange.request.headers.get('content-type') ?? ''
  const kind = kindOf(type)
  if (kind === undefined) return undefined
  const body = exchange.upstream.body ?? (await exchange.request.body(limit))
  if (kind === 'form') return { kind, fields: parseArguments(body.toString()) }
  try {
    if (kind === 'multipart')
      return {
        kind,
        fields: await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData(),
      }
    const fields: unknown = JSON.parse(body.toString())
    return typeof fields === 'object' && fields !== null
      ? { kind, fields: fields as Record<string, unknown> }
      : undefined
  } catch {
    return undefined
  }
}

function kindOf(contentType: string): ParsedBody['kind'] | undefined {
  const type = contentType.toLowerCase()
  if (type.startsWith('application/x-www-form-urlencoded')) return 'form'
  if (type.startsWith('application/json')) return 'json'
  return type.startsWith('multipart/form-data') ? 'multipart' : undefined
}

/** Sends this body upstream in place of the client's. */
export async function replaceBody({ upstream }: Exchange, body: ParsedBody): Promise<void> {
  switch (body.kind) {
    case 'form':
      upstream.body = Buffer.from(formatArguments(body.fields))
      break
    case 'json':
      upstream.body = Buffer.from(JSON.stringify(body.fields))
      break
    case 'multipart': {
      const response = new Response(body.fields)
      upstream.headers.set('Content-Type', response.headers.get('content-type') as string)
      upstream.body = Buffer.from(await response.arrayBuffer())
    }
  }
}
