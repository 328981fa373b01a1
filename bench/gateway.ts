import { execFileSync } from 'node:child_process'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { local } from '../dev/place.ts'
import { freePort } from '../test/support/ports.ts'
import { dir, mochaGlobalTeardown as endStack, stack } from '../test/support/stack.ts'
import { inNode } from './gateway/autocannon.ts'
import type { Bench, Part } from './gateway/bench.ts'
import { CORES, startGateway, writeConfig } from './gateway/gateway-process.ts'
import { idleConnections } from './gateway/idle-connections.ts'
import { loadTime } from './gateway/load-time.ts'
import { PEER_UPSTREAM_PORT, readOptions } from './gateway/options.ts'
import { findPrograms } from './gateway/programs.ts'
import { reload } from './gateway/reload.ts'
import { repeatedTokens } from './gateway/repeated-tokens.ts'
import { routingCost } from './gateway/routing-cost.ts'
import { signingKey } from './gateway/signing-key.ts'
import { streaming } from './gateway/streaming.ts'
import { throughput } from './gateway/throughput.ts'
import { startUpstream } from './gateway/upstream.ts'
import { wrk } from './gateway/wrk.ts'
import { line, printTable, type Row } from './table.ts'

/** Where the configs stay, for whoever wants to load one into a peer. */
const CONFIGS = join(local, 'bench', 'gateway')

/** What the gateway costs, beside its upstream called directly; a table in one run. */
export async function gatewayBench(args: string[]): Promise<void> {
  const { only, peers } = readOptions(args)
  execFileSync('taskset', ['-a', '-cp', CORES.others, String(process.pid)])
  const programs = findPrograms(process.env['PATH'] ?? '')
  const load = programs.wrk ? wrk(join(dir, 'wrk')) : inNode
  const { redis } = await stack('redis')
  const upstream = await startUpstream(programs, dir, peers.length > 0 ? PEER_UPSTREAM_PORT : await freePort())
  const bench: Bench = {
    load,
    peers,
    upstream: upstream.url,
    redis: new URL(redis.createDatabase()),
    key: signingKey(CONFIGS),
    start: (file, config) => startGateway(dir, writeConfig(CONFIGS, file, config)),
  }
  const remark = `Load from ${load.name}, upstream ${programs.nginx ? 'nginx' : 'Node'}; machine's load ${loadavg()[0]?.toFixed(1)} before.`
  try {
    const wanted = parts(bench).filter(({ name }) => name.toLowerCase().includes(only.toLowerCase()))
    printTable('gateway', await rowsOf(wanted, bench), remark)
  } finally {
    await upstream.stop()
    await endStack()
  }
}

const parts = (bench: Bench): Part[] => [
  ...throughput(bench),
  loadTime,
  repeatedTokens,
  routingCost,
  streaming,
  idleConnections,
  reload,
]

async function rowsOf(wanted: Part[], bench: Bench): Promise<Row[]> {
  const rows: Row[] = []
  for (const { name, run } of wanted) {
    console.error(`— ${name}`)
    const made = await run(bench)
    for (const row of made) console.error(line(row))
    rows.push(...made)
  }
  return rows
}
