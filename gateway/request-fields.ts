import type { Exchange } from './exchange.ts'
import type { HeaderList } from './http1/header-list.ts'

/** What belongs to the client's connection, and is therefore not among the headers that go upstream. */
export const CONNECTION = ['host', 'connection', 'content-length', 'transfer-encoding', 'te', 'upgrade', 'expect']

/** Where a header of the request is to be looked for as the plugins so far have left it. */
export const requestFields = ({ request, upstream }: Exchange, key: string): HeaderList =>
  CONNECTION.includes(key) ? request.headers : upstream.headers

/** A header's values as nginx's `$http_…` variables find it: a dash in its name is as good as an underscore. */
export function variableValues({ keys, values }: HeaderList, name: string): string[] {
  const wanted = underscored(name.toLowerCase())
  const matches = (key: string) => key.length === wanted.length && underscored(key) === wanted
  return values.filter((_, at) => matches(keys[at] as string))
}

const underscored = (name: string) => name.replaceAll('-', '_')
