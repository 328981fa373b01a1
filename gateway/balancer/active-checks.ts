import type { Certificate, Upstream } from '../entities.ts'
import { type Health, isUp, judge, type Verdict } from './health.ts'
import { type Probe, probe } from './probe.ts'
import { addressesOf, type Resolver } from './resolver.ts'
import type { BalancedTarget } from './target.ts'

interface ActiveChecksOptions {
  upstream: Upstream
  targets: readonly BalancedTarget[]
  resolver: Resolver
  /** What a check shows of us over TLS, if anything. */
  shown: Pick<Certificate, 'cert' | 'key'> | undefined
  healthOf(target: BalancedTarget, ip: string): Health
  learn(target: BalancedTarget, ip: string, verdict: Verdict): void
}

/** Asks the targets of one upstream how they are: those in good health and those in bad, each at its own interval. Gives the way to stop. */
export function startActiveChecks(options: ActiveChecksOptions): () => void {
  const { healthy, unhealthy } = options.upstream.healthchecks.active
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
  const { targets, resolver, healthOf, upstream } = options
  const waiting: (() => Promise<void>)[] = []
  for (const target of targets)
    for (const ip of await addressesOf(target.host, resolver))
      if (isUp(healthOf(target, ip)) === up) waiting.push(() => check(options, target, ip))
  const lane = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) await next()
  }
  await Promise.all(Array.from({ length: Math.min(upstream.healthchecks.active.concurrency, waiting.length) }, lane))
}

async function check(
  { upstream, shown, learn }: ActiveChecksOptions,
  target: BalancedTarget,
  ip: string,
): Promise<void> {
  const verdict = judge(upstream.healthchecks.active, await probe(probeOf(upstream, shown, target, ip)))
  if (verdict) learn(target, ip, verdict)
}

function probeOf(
  { healthchecks: { active } }: Upstream,
  shown: ActiveChecksOptions['shown'],
  { hostname, port }: BalancedTarget,
  ip: string,
): Probe {
  const lines = Object.entries(active.headers ?? {}).flatMap(([name, values]) =>
    values.map((value) => `${name}: ${value}\r\n`),
  )
  const secure = active.type === 'https' || active.type === 'grpcs'
  const servername = active.https_sni ?? hostname
  return {
    ip,
    port,
    timeout: active.timeout * 1000,
    tls: secure ? { servername, rejectUnauthorized: active.https_verify_certificate, ...shown } : undefined,
    request:
      active.type === 'tcp'
        ? undefined
        : `GET ${active.http_path} HTTP/1.1\r\nHost: ${hostname}\r\nConnection: close\r\n${lines.join('')}\r\n`,
  }
}
