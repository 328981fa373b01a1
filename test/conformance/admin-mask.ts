/** Takes out of an Admin API answer what differs from run to run, exactly as it was taken out of the recordings. */

const times = new Set(['created_at', 'updated_at'])
const figures = new Set(['memory', 'server'])
const opaque = new Set(['password', 'offset'])
/** The ids that the requests themselves give stay. */
const madeUp = /(?!00000000-)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g
const randomKey = /^[\w-]{32}$/

export function maskAnswer(body: unknown): unknown {
  return inOrder(JSON.parse(JSON.stringify(body, maskField)))
}

function maskField(name: string, value: unknown): unknown {
  if (times.has(name)) return '<time>'
  if (figures.has(name)) return '<figures>'
  if (typeof value !== 'string') return value
  if (opaque.has(name)) return '<opaque>'
  if (name === 'key' && randomKey.test(value)) return '<key>'
  if (name === 'next') return value.replace(/offset=[^&]*/, '<opaque>')
  return value.replaceAll(madeUp, '<uuid>')
}

/** Lists are ordered by ids, and those are made up. */
function inOrder(body: unknown): unknown {
  if (typeof body !== 'object' || body === null || !('data' in body) || !Array.isArray(body.data)) return body
  return { ...body, data: body.data.map(sortedKeys).sort(byText) }
}

const byText = (one: unknown, other: unknown) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1)

function sortedKeys(entity: unknown): unknown {
  if (typeof entity !== 'object' || entity === null || Array.isArray(entity)) return entity
  return Object.fromEntries(
    Object.entries(entity)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, value]) => [key, sortedKeys(value)]),
  )
}
