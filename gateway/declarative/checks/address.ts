import { isIPv4, isIPv6 } from 'node:net'

/** A host as Kong takes it apart: name, IPv4 or IPv6, with or without a port. */
export type Address = { type: 'ipv4' | 'ipv6' | 'name'; port: number | undefined } | { error: string }

const badPort = 'invalid port number'

export function parseAddress(text: string): Address {
  const colons = text.split(':').length - 1
  if (colons > 1) return parseIPv6(text)
  return /^[\d.]+$/.test(text.replaceAll(':', '')) ? parseIPv4(text) : parseName(text)
}

export function isIpOrCidr(text: string): boolean {
  const [, address, bits] = /^([^/]+)\/(\d+)$/.exec(text) ?? [undefined, text]
  const most = isIPv4(address) ? 32 : isIPv6(address) ? 128 : -1
  return bits === undefined ? most > 0 : Number(bits) <= most
}

function parseIPv4(text: string): Address {
  const [, address, port] = /^([\d.]+?)(?::(\d+))?$/.exec(text) ?? []
  if (address === undefined || !isIPv4(address)) return { error: `invalid ipv4 address: ${text}` }
  return withPort('ipv4', port)
}

function parseIPv6(text: string): Address {
  const [, bracketed, port] = /^\[(.*)\](?::(\d+))?$/.exec(text) ?? []
  const written = bracketed ?? text
  if (!isIPv6(written) || /[.%]/.test(written)) return { error: `invalid ipv6 address: ${text}` }
  return withPort('ipv6', port)
}

function parseName(text: string): Address {
  const [, name, port] = /^(.*?)(?::(\d+))?$/s.exec(text) as unknown as [string, string, string?]
  const labels = name.split('.')
  if (labels.at(-1) === '') labels.pop()
  const sound =
    /^[\w.-]+$/.test(name) && labels.length > 0 && labels.every((label) => label !== '' && !label.endsWith('-'))
  return sound ? withPort('name', port) : { error: `invalid hostname: ${text}` }
}

function withPort(type: 'ipv4' | 'ipv6' | 'name', port: string | undefined): Address {
  const number = port === undefined ? undefined : Number(port)
  return number !== undefined && number > 65535 ? { error: badPort } : { type, port: number }
}

/** Kong's words for a host that must stand without a port. */
export function hostError(text: string, original: string = text): string | undefined {
  const address = parseAddress(text)
  if ('error' in address) return address.error === badPort ? 'must not have a port' : `invalid value: ${original}`
  return address.port === undefined ? undefined : 'must not have a port'
}

export function hostWithOptionalPortError(text: string): string | undefined {
  const address = parseAddress(text)
  return 'error' in address ? address.error : undefined
}
