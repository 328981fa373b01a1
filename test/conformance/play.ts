import { randomBytes } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { until } from '../../dev/stack/until.ts'
import type { Case, Step } from './cases.ts'
import { differences } from './differences.ts'
import type { EchoUpstreams } from './echo-upstreams.ts'
import { type Address, exchange, type Received } from './exchange.ts'
import { maskedExchange, parsedJson } from './mask.ts'

/** A gateway that serves, and the upstreams that it is to reach. */
export interface Stage {
  proxy: Address
  admin: Address
  upstreams: EchoUpstreams
}

/** Plays a case and says where the gateway departs from what Kong did, one line a place. */
export async function play(stage: Stage, recording: Case): Promise<string[]> {
  const run = `run${randomBytes(4).toString('hex')}`
  const prepared = rewritten(recording, [['$RUN', run], ['$PORT', String(stage.proxy.port)], ...portTexts(stage)])
  const observed = await observe(stage, prepared)
  const back = rewritten(observed, [[run, '$RUN'], ...portTexts(stage).map(([known, real]): Pair => [real, known])])
  return recording.expect.flatMap((expected, at) => differences(expected, back[at], `step ${at + 1}`))
}

type Pair = [from: string, to: string]

function portTexts({ upstreams }: Stage): Pair[] {
  return [...upstreams.ports].map(([known, real]) => [String(known), String(real)])
}

function rewritten<Value>(value: Value, pairs: Pair[]): Value {
  return JSON.parse(pairs.reduce((text, [from, to]) => text.replaceAll(from, to), JSON.stringify(value)))
}

async function observe(stage: Stage, played: Case): Promise<unknown[]> {
  const answer = await load(stage, played)
  if (played.rejects) return [{ accepted: accepted(answer) }]
  if (answer.status !== 201) return [{ configRefused: parsedJson(answer.body) }]
  if (played.windowed) await avoidWindowEdge()
  const observed: unknown[] = []
  for (const step of played.steps) observed.push(await observeStep(stage, played, step))
  return observed
}

async function observeStep(stage: Stage, played: Case, step: Step): Promise<unknown> {
  if (step.wait) {
    await delay(step.wait)
    return {}
  }
  if (step.config) return { accepted: accepted(await load(stage, { ...played, config: step.config })) }
  const { proxy, upstreams } = stage
  upstreams.seen.length = 0
  const answers: Received[] = []
  for (let count = 0; count < (step.repeat ?? 1); count++) {
    if (count > 0) await delay(step.pause ?? 10)
    answers.push(await exchange(proxy, step.send ?? {}))
  }
  const statuses = answers.map(({ status }) => status)
  const seen = [...upstreams.seen]
  if (step.view) {
    const share = counted(seen.map(({ server }) => server))
    return { statuses: counted(statuses), upstreams: step.view === 'share' ? share : Object.keys(share).length }
  }
  const last = maskedExchange(step.send?.body, answers.at(-1) as Received, seen, proxy.port) as object
  return step.repeat ? { ...last, statuses } : last
}

/** Loads a config through `POST /config` and waits until the proxy serves it. */
async function load({ admin, proxy, upstreams }: Stage, { name, config, probe, rejects }: Case): Promise<Received> {
  const mark = `${name} ${randomBytes(4).toString('hex')}`
  const path = '/__conformance_ready'
  const ready = {
    name: 'conformance-ready',
    url: 'http://127.0.0.1:9',
    routes: [{ name: 'conformance-ready', paths: [path] }],
    plugins: [{ name: 'request-termination', config: { status_code: 200, message: mark } }],
  }
  const services = config.services ?? []
  const full = {
    _format_version: '3.0',
    ...config,
    services: Array.isArray(services) ? [...services, ready] : services,
  }
  const headers = { 'content-type': 'application/json' }
  upstreams.closeIdle()
  const answer = await exchange(admin, { method: 'POST', path: '/config', headers, body: JSON.stringify(full) })
  if (answer.status !== 201 || rejects) return answer
  const served = async () => (await exchange(proxy, { path, headers: probe ?? {} })).body.includes(mark)
  await until(served, { within: 10_000, what: `the proxy serves the config of '${name}'` })
  return answer
}

function accepted({ status }: Received): boolean | string {
  if (status === 201) return true
  return status === 400 ? false : `answered ${status}`
}

async function avoidWindowEdge(): Promise<void> {
  const second = (Date.now() / 1000) % 60
  if (second > 45) await delay((61 - second) * 1000)
}

function counted(items: (string | number)[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const item of items.sort()) counts[item] = (counts[item] ?? 0) + 1
  return counts
}
