import { foreignFields } from '../declarative/collections.ts'
import { byNestedName, byTopName, placeOf } from './place.ts'
import type { Endpoints } from './reply.ts'

/** What is there besides the collections. */
const FIXED = [
  '/',
  '/config',
  '/endpoints',
  '/metrics',
  '/plugins/enabled',
  '/proxy-cache',
  '/proxy-cache/{cache_key}',
  '/proxy-cache/{plugin_id}/caches/{cache_key}',
  '/schemas/{db_entity_name}/validate',
  '/schemas/{name}',
  '/schemas/plugins/{name}',
  '/schemas/plugins/validate',
  '/status',
  '/status/dns',
  '/tags',
  '/tags/{tags}',
  '/upstreams/{upstreams}/health',
  '/upstreams/{upstreams}/targets/all',
  ...['healthy', 'unhealthy'].flatMap((condition) => [
    `/upstreams/{upstreams}/targets/{targets}/${condition}`,
    `/upstreams/{upstreams}/targets/{targets}/{address}/${condition}`,
  ]),
]

/** `GET /endpoints`: the paths that there are, those of an entity next to those below it. */
export const endpointList: Endpoints = {
  GET: () => {
    const paths = [...new Set([...FIXED, ...collectionPaths()])]
    return { status: 200, body: { data: paths.sort(bySegments) } }
  },
}

function collectionPaths(): string[] {
  return [...byTopName].flatMap(([top, collection]) => {
    const one = `/${top}/{${collection}}`
    const children = [...byNestedName].filter(([name]) => isPlace(top, name, 'within'))
    const pointers = foreignFields[collection].filter(({ name }) => isPlace(top, name, 'from'))
    return [
      `/${top}`,
      one,
      ...children.flatMap(([name, child]) => [`${one}/${name}`, `${one}/${name}/{${child}}`]),
      ...pointers.map(({ name }) => `${one}/${name}`),
    ]
  })
}

function isPlace(top: string, below: string, how: 'within' | 'from'): boolean {
  const place = placeOf([top, 'key', below])
  return place !== undefined && how in place
}

/** `/a/z` stands before `/ab`. */
function bySegments(one: string, other: string): number {
  return one.replaceAll('/', '\0') < other.replaceAll('/', '\0') ? -1 : 1
}
