const pattern = /^(?:([A-Za-z0-9][A-Za-z0-9+.-]*):)?(?:\/\/([^/?#]*))?([^?#;]*)/
const defaultPorts: Record<string, number> = { http: 80, https: 443 }

/** The fields that a service's `url` stands for. A query or fragment is left out; without a host there is none. */
export function expandUrl(url: string): Record<string, unknown> {
  const [, scheme, authority = '', path] = pattern.exec(url) as unknown as [string, string?, string?, string?]
  const [, name, portText] = /^(?:[^@]*@)?(.*?)(?::([^:\]]*))?$/.exec(authority) as unknown as [string, string, string?]
  const port = portText ? Number(portText) : undefined
  const protocol = scheme ?? (port === 443 ? 'https' : 'http')
  return {
    protocol,
    host: name.replace(/^\[(.+)\]$/, '$1') || null,
    port: Number.isNaN(port) ? portText : (port ?? defaultPorts[protocol] ?? 80),
    path: path || null,
  }
}
