import { isIP } from 'node:net'
import type { Certificate, Upstream } from '../entities.ts'
import { type Health, isUp, judge, type Verdict } from './health.ts'
import { type Probe, probe } from './probe.ts'
import type { Address } from './target.ts'

interface ActiveChecksOptions {
  upstream: Upstream
  /** Those that requests may go to at the moment. */
  addresses(): Promise<readonly Address[]>
  /** What a check shows of us over TLS, if anything. */
  shown: Pick<Certificate, 'cert' | 'key'> | undefined
  healthOf(address: Address): Health
  learn(address: Address, verdict: Verdict): void
}

/** Asks the targets of one upstream how they are: those in good health and those in bad, each at its own interval. Gives the way to stop. */
export function startActiveChecks(options: ActiveChecksOptions): () => void {
  const { type, healthy, unhealthy } = options.upstream.healthchecks.active
  // Kong checks by `tcp` for its streams only, which are not served here.
  if (type === 'tcp') return () => undefined
  const timers = [
    every(healthy.interval, () => sweep(options, true)),
    every(unhealthy.interval, () => sweep(options, false)),
  ]
  return () => {
    for (const timer of timers) clearInterval(timer)
  }
}

function every(seconds: number, action: () => Promise<void>): NodeJS.Timeout | undefined {
  if (seconds === 0) return undefined
  let busy = false
  return setInterval(async () => {
    if (busy) return
    busy = true
    await action()
    busy = false
  }, seconds * 1000).unref()
}

async function sweep(options: ActiveChecksOptions, up: boolean): Promise<void> {
  const { addresses, healthOf, upstream } = options
  const waiting = (await addresses()).filter((address) => isUp(healthOf(address)) === up)
  const lane = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) await check(options, next)
  }
  await Promise.all(Array.from({ length: Math.min(upstream.healthchecks.active.concurrency, waiting.length) }, lane))
}

async function check({ upstream, shown, learn }: ActiveChecksOptions, address: Address): Promise<void> {
  const verdict = judge(upstream.healthchecks.active, await probe(probeOf(upstream, shown, address)))
  if (verdict) learn(address, verdict)
}

function probeOf(
  { healthchecks: { active } }: Upstream,
  shown: ActiveChecksOptions['shown'],
  { ip, port, hostname }: Address,
): Probe {
  const lines = Object.entries(active.headers ?? {}).flatMap(([name, values]) =>
    values.map((value) => `${name}: ${value}\r\n`),
  )
  const secure = active.type === 'https' || active.type === 'grpcs'
  const named = active.https_sni ?? hostname
  // RFC 6066 §3: an address is no server name.
  const servername = isIP(named) === 0 ? named : ''
  return {
    ip,
    port,
    timeout: active.timeout * 1000,
    tls: secure ? { servername, rejectUnauthorized: active.https_verify_certificate, ...shown } : undefined,
    request: `GET ${active.http_path} HTTP/1.0\r\n${lines.join('')}Host: ${hostname}\r\n\r\n`,
  }
}
