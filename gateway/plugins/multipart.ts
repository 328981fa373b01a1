import { fromBytes, toBytes } from '../router/normalise.ts'

/** One part of a multipart form (RFC 7578). `head` and `value` are one character a byte. */
export interface Part {
  name: string
  /** Its header lines as they came. */
  head: string
  value: string
}

export interface Multipart {
  boundary: string
  parts: Part[]
}

const BOUNDARY = /;\s*boundary=(?:"([^"]+)"|([^\s;]+))/i
const NAME = /^content-disposition:.*?;\s*name="?([^";\r\n]*)"?/im
const HEAD_AND_VALUE = /^[ \t]*\r?\n(.*?)\r?\n\r?\n(.*)$/s

/** Undefined where the media type names no boundary. Parts without a name are left out. */
export function parseMultipart(contentType: string, body: Buffer): Multipart | undefined {
  const [, quoted, plain] = BOUNDARY.exec(contentType) ?? []
  const boundary = quoted ?? plain
  if (boundary === undefined) return undefined
  const delimiter = new RegExp(`(?:^|\\r?\\n)--${boundary.replace(/\W/g, '\\$&')}`)
  const [, ...sections] = body.toString('latin1').split(delimiter)
  return { boundary, parts: sections.flatMap(parsePart) }
}

function parsePart(section: string): Part[] {
  const [, head, value] = HEAD_AND_VALUE.exec(section) ?? []
  const name = NAME.exec(head ?? '')?.[1]
  return head === undefined || value === undefined || name === undefined ? [] : [{ name: fromBytes(name), head, value }]
}

export const partValues = (parts: readonly Part[], name: string): string[] =>
  parts.filter((part) => part.name === name).map(({ value }) => fromBytes(value))

/** A part that is nothing but a text. */
export const textPart = (name: string, value: string): Part => ({
  name,
  head: `Content-Disposition: form-data; name="${toBytes(name)}"`,
  value: toBytes(value),
})

export function formatMultipart({ boundary, parts }: Multipart): Buffer {
  const lines = parts.map(({ head, value }) => `--${boundary}\r\n${head}\r\n\r\n${value}\r\n`)
  return Buffer.from(parts.length === 0 ? '' : `${lines.join('')}--${boundary}--\r\n`, 'latin1')
}
