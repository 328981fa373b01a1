import type { Entity } from '../entities.ts'
import { Refusal, type Reply } from './reply.ts'

const defaultSize = 100
const most = 1000

/** One page of a list, ordered by id, as Kong pages it: `next` leads to the rest. */
export function page(
  list: readonly Entity[],
  path: string,
  query: URLSearchParams,
  present: (entity: Entity) => unknown,
): Reply {
  const size = sizeOf(query)
  const after = offsetOf(query)
  const sorted = [...list].sort((a, b) => (a.id < b.id ? -1 : 1))
  const rest = after === undefined ? sorted : sorted.filter(({ id }) => id > after)
  const entities = rest.slice(0, size)
  const data = entities.map(present)
  if (rest.length <= size) return { status: 200, body: { data, next: null } }
  const offset = Buffer.from(JSON.stringify([entities.at(-1)?.id])).toString('base64')
  const next = new URLSearchParams(query)
  next.delete('offset')
  return { status: 200, body: { data, next: `${path}?offset=${encodeURIComponent(offset)}&${next}`, offset } }
}

function sizeOf(query: URLSearchParams): number {
  const text = query.get('size')
  if (text === null) return defaultSize
  const size = Number(text)
  if (Number.isInteger(size) && size >= 1 && size <= most) return size
  const message = Number.isNaN(size) ? 'size must be a number' : `size must be an integer between 1 and ${most}`
  throw new Refusal(400, { code: 9, message, name: 'invalid size' })
}

function offsetOf(query: URLSearchParams): string | undefined {
  const text = query.get('offset')
  if (text === null) return undefined
  try {
    const [id] = JSON.parse(Buffer.from(text, 'base64').toString()) as [unknown]
    if (typeof id === 'string') return id
  } catch {
    // Falls through to the refusal, as does anything else that is no offset of ours.
  }
  throw new Refusal(400, {
    code: 7,
    message: `'${text}' is not a valid offset: bad json encoding`,
    name: 'invalid offset',
  })
}

/** `a,b` asks for both tags, `a/b` for either. */
export function withTags(list: readonly Entity[], tags: string | null): readonly Entity[] {
  if (tags === null) return list
  if (tags === '') throw invalidTags('cannot be null')
  const either = tags.includes('/')
  const wanted = tags.split(either ? '/' : ',')
  return list.filter((entity) => {
    const has = (tag: string) => entity.tags?.includes(tag) ?? false
    return either ? wanted.some(has) : wanted.every(has)
  })
}

function invalidTags(reason: string): Refusal {
  const message = `invalid option (tags: ${reason})`
  return new Refusal(400, { code: 11, name: 'invalid options', message, options: { tags: reason } })
}
