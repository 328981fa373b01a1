import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'

type Json = Record<string, unknown>

/** What is sent through the gateway: a request, or bytes. */
export interface Send {
  method?: string
  /** Sent exactly as given. */
  path?: string
  headers?: Record<string, string | string[]>
  body?: string
  /** A large body: a text, and how often. */
  fill?: [string, number]
  /** Sent byte for byte. */
  raw?: string
}

/** A request, a pause, or another config to load. */
export interface Step {
  send?: Send
  /** Sends it so often, `pause` (10) milliseconds apart; the last answer, all statuses and all upstream requests are observed. */
  repeat?: number
  pause?: number
  /** `share`: only how many requests each upstream got; `sticky`: only how many upstreams got any. */
  view?: 'share' | 'sticky'
  wait?: number
  config?: Json
}

export interface Case {
  file: string
  name: string
  config: Json
  steps: Step[]
  expect: unknown[]
  /** Observes only whether the config is accepted. */
  rejects?: boolean
  /** It counts requests a minute, and must not straddle one. */
  windowed?: boolean
  /** Headers with which the readiness route answers under the case's global plugins. */
  probe?: Record<string, string>
}

export const recorded = path.join(import.meta.dirname, 'recorded')

export function readCases(directory: string): Case[] {
  const files = readdirSync(directory).filter((file) => file.endsWith('.json'))
  return files.sort().flatMap((file) => {
    const cases = JSON.parse(readFileSync(path.join(directory, file), 'utf8')) as Case[]
    return cases.map((one) => ({ ...one, steps: one.steps ?? [], file }))
  })
}

/** Why a case cannot be played yet; undefined for one that must pass. */
export function pending({ name, config, steps, rejects }: Case): string | undefined {
  if (rejects) return undefined
  const missing = pendingPlugins.filter((plugin) => uses([config, steps], plugin))
  return missing.length > 0 ? `needs ${missing.join(', ')}` : pendingCases[name]
}

/** Kept by hand, as the list below: what is not listed must pass. */
export const pendingPlugins = ['basic-auth', 'proxy-cache']

const hashing = 'needs balancing by hash'
const healthChecks = 'needs health checks'
const pendingCases: Record<string, string> = {
  'request-termination: echo': 'needs the workspace and the listening port in the echo',
  'upstreams: sticky by header': hashing,
  'upstreams: sticky by header, by ip where it is missing': hashing,
  'upstreams: sticky by consumer': hashing,
  'upstreams: sticky by cookie': hashing,
  'upstreams: passive health checks take a failing target out': healthChecks,
  'upstreams: all targets unhealthy': healthChecks,
  'upstreams: active health checks find a dead target': healthChecks,
}

function uses(value: unknown, plugin: string): boolean {
  if (typeof value !== 'object' || value === null) return false
  const plugins = (value as Json).plugins
  if (Array.isArray(plugins) && plugins.some((one: Json) => one.name === plugin)) return true
  return Object.values(value).some((inner) => uses(inner, plugin))
}
