import type { HeaderList } from '../../http1/header-list.ts'
import type { Kept } from './store.ts'

/**
 * Whether the client has what is kept already (RFC 9110 §13.1.2, §13.1.3), as nginx decides it for what it answers itself: of
 * two conditions both must hold, and a date must be the very same one.
 */
export function isUnchanged(asked: HeaderList, { status, headers }: Kept): boolean {
  const tags = asked.get('if-none-match')
  const since = asked.get('if-modified-since')
  if (status !== 200 || (tags === undefined && since === undefined)) return false
  const isSameAge = since === undefined || isSameTime(since, headers.get('last-modified'))
  return isSameAge && (tags === undefined || isAmong(tags, headers.get('etag')))
}

function isSameTime(since: string, modified: string | undefined): boolean {
  return modified !== undefined && Date.parse(since) === Date.parse(modified)
}

function isAmong(tags: string, tag: string | undefined): boolean {
  if (tags.trim() === '*') return true
  return tag !== undefined && tags.split(',').some((one) => strong(one.trim()) === strong(tag))
}

const strong = (tag: string) => tag.replace(/^W\//, '')
