import { fromBytes, normalisePath, toBytes } from '../../router/normalise.ts'
import { compilePathRegex } from '../../router/path-regex.ts'

const rfc3986Path = /^\/[\w.\-~/%:@!$&'()*+,;=]*$/
const brokenEscape = /%(?![0-9a-fA-F]{2}).{0,2}/

/** Of a service, a health check and the like. */
export function pathError(path: string): string | undefined {
  if (!rfc3986Path.test(path))
    return `invalid path: '${path}' (characters outside of the reserved list of RFC 3986 found)`
  return escapeError(path)
}

/** Of a route: plain paths stand as the router sees them, regexes must compile. */
export function routePathError(path: string): string | undefined {
  if (path.startsWith('~')) return regexPathError(path.slice(1))
  const broken = rfc3986Path.test(path) ? escapeError(path) : undefined
  if (broken !== undefined) return broken
  const normalised = fromBytes(normalisePath(toBytes(path)))
  return path === normalised ? undefined : `non-normalized path, consider use '${normalised}' instead`
}

function escapeError(path: string): string | undefined {
  const [broken] = brokenEscape.exec(path) ?? []
  return broken === undefined ? undefined : `invalid url-encoded value: '${broken}'`
}

/** What a regex cannot be for Kong at all; what only its router refuses is the route's own check. */
function regexPathError(source: string): string | undefined {
  try {
    compilePathRegex(source)
    return undefined
  } catch (error) {
    const reason = (error as Error).message
    if (reason.endsWith('not supported')) return undefined
    return `invalid regex: '${source}' (PCRE returned: pcre2_compile() failed: ${pcreWords(reason)} in "${source}")`
  }
}

const pcreMessages: [part: string, words: string][] = [
  ['Unterminated group', 'missing closing parenthesis'],
  ["Unmatched ')'", 'unmatched closing parenthesis'],
  ['Nothing to repeat', 'quantifier does not follow a repeatable item'],
  ['Unterminated character class', 'missing terminating ] for character class'],
  ['Range out of order', 'range out of order in character class'],
  ['numbers out of order', 'numbers out of order in {} quantifier'],
  ['\\ at end of pattern', '\\ at end of pattern'],
]

function pcreWords(reason: string): string {
  return pcreMessages.find(([part]) => reason.includes(part))?.[1] ?? 'unrecognized character follows \\ or (?'
}
