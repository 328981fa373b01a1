import type { Exchange } from '../exchange.ts'
import { type Arguments, formatArguments, parseArguments } from './arguments.ts'
import { formatMultipart, type Multipart, parseMultipart } from './multipart.ts'

/** A request body as its media type lets it be read and written again. */
export type ParsedBody =
  | { kind: 'form'; fields: Arguments }
  | { kind: 'json'; fields: Record<string, unknown> }
  | ({ kind: 'multipart' } & Multipart)

/** The body by its Content-Type; undefined where that is none of the three, or the body is not what it says. */
export async function readBody(exchange: Exchange, limit: number): Promise<ParsedBody | undefined> {
  const type = contentTypeOf(exchange)
  return kindOf(type) && parseBody(type, await bytesOf(exchange, limit))
}

/** The media type as the plugins before have left it. */
export const contentTypeOf = ({ upstream }: Exchange): string => upstream.headers.get('content-type') ?? ''

export const bytesOf = async (exchange: Exchange, limit: number): Promise<Buffer> =>
  exchange.upstream.body ?? (await exchange.request.body(limit))

export function kindOf(contentType: string): ParsedBody['kind'] | undefined {
  const type = contentType.toLowerCase()
  if (type.startsWith('application/x-www-form-urlencoded')) return 'form'
  if (type.startsWith('application/json')) return 'json'
  return type.startsWith('multipart/form-data') ? 'multipart' : undefined
}

export function parseBody(contentType: string, body: Buffer): ParsedBody | undefined {
  const kind = kindOf(contentType)
  if (kind === 'form') return { kind, fields: parseArguments(body.toString()) }
  if (kind === 'json') return parseJson(body)
  const multipart = kind && parseMultipart(contentType, body)
  return multipart && { kind: 'multipart', ...multipart }
}

function parseJson(body: Buffer): ParsedBody | undefined {
  try {
    const fields: unknown = JSON.parse(body.toString())
    const isTable = typeof fields === 'object' && fields !== null
    return isTable ? { kind: 'json', fields: fields as Record<string, unknown> } : undefined
  } catch {
    return undefined
  }
}

/** Sends this body upstream in place of the client's. */
export function replaceBody({ upstream }: Exchange, body: ParsedBody): void {
  upstream.body = formatBody(body)
}

function formatBody(body: ParsedBody): Buffer {
  switch (body.kind) {
    case 'form':
      return Buffer.from(formatArguments(body.fields))
    case 'json':
      return Buffer.from(JSON.stringify(body.fields))
    case 'multipart':
      return formatMultipart(body)
  }
}
