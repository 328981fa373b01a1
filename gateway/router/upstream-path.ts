import type { RouteMatch } from '../exchange.ts'
import { escapePath } from './normalise.ts'

/**
 * The service's path joined with what is left of the request's normalised path. Kong's traditional_compatible router joins
 * every route by the rules of `path_handling: v0`, also one that declares v1.
 */
export function upstreamPath(match: RouteMatch, path: string): string {
  const base = match.service?.path ?? '/'
  return escapePath(match.route.strip_path ? stripped(base, match.matchedPath, path) : kept(base, path))
}

/** The value of X-Forwarded-Prefix, one character a byte; undefined where the header is not sent. */
export function forwardedPrefix({ route, matchedPath }: RouteMatch): string | undefined {
  return route.strip_path && matchedPath !== '' && matchedPath !== '/' ? matchedPath : undefined
}

function stripped(base: string, matchedPath: string, path: string): string {
  const rest = withoutLeadingDots(path.slice(matchedPath.length || 1))
  const slashed = base.endsWith('/')
  if (rest === '') {
    if (base === '/') return base
    if (slashed) return path.endsWith('/') ? base : base.slice(0, -1)
    return path.length > 1 && path.endsWith('/') ? base + '/' : base
  }
  const start = slashed ? base.slice(0, -1) : base
  return rest.startsWith('/') ? start + rest : `${start}/${rest}`
}

function kept(base: string, path: string): string {
  if (base.endsWith('/')) return base + path.slice(1)
  return path === '/' ? base : base + path
}

/** A prefix may end inside a segment; what follows must not turn into a dot segment of its own. */
function withoutLeadingDots(rest: string): string {
  if (rest === '.' || rest === '..') return ''
  return rest.replace(/^\.\.?\//, '')
}
