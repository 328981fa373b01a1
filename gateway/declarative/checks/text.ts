/** Tags and names: which characters Kong lets stand in them. */

export function tagError(tag: string): string | undefined {
  if (/^[ !-+\-.0-~\u{80}-\u{10ffff}]+$/u.test(tag)) return undefined
  return `invalid tag '${tag}': expected printable ascii (except \`,\` and \`/\`) or valid utf-8 sequences`
}

export function nameError(name: string): string | undefined {
  if (/^[\w.\-~\u{80}-\u{10ffff}]+$/u.test(name)) return undefined
  return `invalid value '${name}': the only accepted ascii characters are alphanumerics or ., -, _, and ~`
}

export function headerNameError(name: string): string | undefined {
  if (/^[\w-]+$/.test(name)) return undefined
  return `bad header name '${name}', allowed characters are A-Z, a-z, 0-9, '_', and '-'`
}

/** RFC 9110 §5.6.2. */
export function tokenError(text: string): string | undefined {
  return /^[!#$%&'*+.^_`|~\w-]+$/.test(text) ? undefined : `invalid cookie name '${text}'`
}

export function urlError(text: string): string | undefined {
  const [, scheme, host] = /^(?:([A-Za-z][A-Za-z0-9+.-]*):)?(?:\/\/([^/?#]*))?/.exec(text) ?? []
  if (!host) return 'missing host in url'
  return scheme ? undefined : 'missing scheme in url'
}
