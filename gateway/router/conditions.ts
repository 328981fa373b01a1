import type { HeaderList } from '../http1/header-list.ts'
import { compileRegex } from './path-regex.ts'

export interface RouterRequest {
  method: string
  /** The Host header's value without its port; undefined where there is none. */
  host: string | undefined
  /** The port that Host names, else the one that the request came in on. */
  port: number
  /** Normalised (see normalise.ts). */
  path: string
  scheme: 'http' | 'https'
  headers: HeaderList
  sni?: string | undefined
}

/** What a route asks of a request besides host and path. */
export type Condition = (request: RouterRequest) => boolean

export function allOf(conditions: (Condition | undefined)[]): Condition {
  const real = conditions.filter((condition) => condition !== undefined)
  if (real.length === 0) return () => true
  if (real.length === 1) return real[0] as Condition
  return (request) => real.every((condition) => condition(request))
}

/** `shared` holds the conditions of other routes. */
export function methodIn(methods: string[] | undefined, shared: Map<string, Condition>): Condition | undefined {
  if (methods === undefined) return undefined
  const key = methods.join()
  const condition = shared.get(key) ?? (({ method }) => methods.includes(method))
  shared.set(key, condition)
  return condition
}

/** `x_plan` in the request stands for X-Plan; where both are sent, Kong looks at `x_plan` alone. Values are compared in lower case. */
export function headerIs([name, wanted]: [string, string[]]): Condition {
  const underscored = name.toLowerCase().replaceAll('-', '_')
  const dashed = underscored.replaceAll('_', '-')
  const tests = wanted.map(valueIs)
  return ({ headers }) => {
    const values = headers.getAll(headers.has(underscored) ? underscored : dashed)
    return values.some((value) => tests.some((test) => test(value.toLowerCase())))
  }
}

function valueIs(wanted: string): (value: string) => boolean {
  const lower = wanted.toLowerCase()
  if (!lower.startsWith('~*')) return (value) => value === lower
  const regex = compileRegex(lower.slice(2))
  return (value) => regex.test(value)
}

export function sniIn(snis: string[] | undefined): Condition | undefined {
  if (snis === undefined) return undefined
  const tests = snis.map((sni) => {
    const name = sni.length > 1 && sni.endsWith('.') ? sni.slice(0, -1) : sni
    if (name.startsWith('*')) return (sent: string) => sent.endsWith(name.slice(1))
    if (name.endsWith('*')) return (sent: string) => sent.startsWith(name.slice(0, -1))
    return (sent: string) => sent === name
  })
  return ({ scheme, sni }) => scheme !== 'https' || (sni !== undefined && tests.some((test) => test(sni)))
}
