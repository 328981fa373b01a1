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
