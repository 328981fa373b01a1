import { processorSeconds } from '../processor-time.ts'
import { median } from '../statistics.ts'
import type { Row } from '../table.ts'
import { type Bench, CONNECTIONS, type Part, withGateway } from './bench.ts'
import type { FlatOut } from './load-generator.ts'
import { type Surroundings, type Workload, workloads } from './workloads.ts'

const ROUNDS = 5
const SECONDS = 3
const WARM_UP_SECONDS = 2
const PACED_ROUNDS = 3
/** Milliseconds that the gateway may add at p95, at half of its highest load. */
const ADDED_LIMIT = 5

/** How much passes through each workload, and how fast, beside the upstream called directly in the same rounds. */
export const throughput = (surroundings: Surroundings): Part[] =>
  workloads(surroundings).map((workload) => ({
    name: `throughput ${workload.name}`,
    run: (bench) =>
      withGateway(bench, workload, async ({ url, pid }) => {
        const peers = await thoseThatServe(bench.peers, workload)
        const urls = [bench.upstream, url, ...peers]
        await flatOut(bench, workload, urls, { rounds: 1, seconds: WARM_UP_SECONDS })
        const before = processorSeconds(pid)
        const highest = await flatOut(bench, workload, urls, { rounds: ROUNDS, seconds: SECONDS })
        const [direct, own, ...others] = highest as [FlatOut, FlatOut, ...FlatOut[]]
        const cost = ((processorSeconds(pid) - before) / own.answered) * 1e6
        return [
          ...flatOutRows(workload, own, direct),
          ...peers.map((peer, at) => peerRow(workload, peer, others[at] as FlatOut, direct)),
          { what: `${workload.name}: processor time a request, µs`, measured: cost.toFixed(1) },
          await addedRow(bench, workload, url, own.perSecond / 2),
        ]
      }),
  }))

/** Medians of the rounds, one for each URL; each round asks all of them. */
async function flatOut(
  { load }: Bench,
  { requests }: Workload,
  urls: string[],
  length: { rounds: number; seconds: number },
): Promise<FlatOut[]> {
  const rounds: FlatOut[][] = urls.map(() => [])
  for (let round = 0; round < length.rounds; round++)
    for (const [at, url] of urls.entries())
      rounds[at]?.push(await load.flatOut({ url, requests, connections: CONNECTIONS, seconds: length.seconds }))
  return rounds.map((results) => ({
    perSecond: median(results.map(({ perSecond }) => perSecond)),
    answered: results.reduce((sum, { answered }) => sum + answered, 0),
    failed: results.reduce((sum, { failed }) => sum + failed, 0),
    p50: median(results.map(({ p50 }) => p50)),
    p99: median(results.map(({ p99 }) => p99)),
  }))
}

function flatOutRows({ name, atLeast, p99Below }: Workload, own: FlatOut, direct: FlatOut): Row[] {
  const ratio = own.perSecond / direct.perSecond
  const { answered, failed } = own
  return [
    ...(failed > 0 ? [{ what: `${name}: failed of ${answered}`, measured: `${failed}`, target: '0', met: false }] : []),
    {
      what: `${name}: requests per second`,
      measured: own.perSecond.toFixed(0),
      baseline: direct.perSecond.toFixed(0),
      ratio,
      ...(atLeast !== undefined && { target: `≥ ${atLeast} ×`, met: ratio >= atLeast }),
    },
    { what: `${name}: p50, ms`, measured: own.p50.toFixed(1), baseline: direct.p50.toFixed(1) },
    {
      what: `${name}: p99, ms`,
      measured: own.p99.toFixed(1),
      baseline: direct.p99.toFixed(1),
      ...(p99Below !== undefined && { target: `≤ ${p99Below}`, met: own.p99 <= p99Below }),
    },
  ]
}

const peerRow = ({ name }: Workload, peer: string, theirs: FlatOut, direct: FlatOut): Row => ({
  what: `${name}: ${peer}, requests per second (p50 ${theirs.p50.toFixed(1)}, p99 ${theirs.p99.toFixed(1)} ms)`,
  measured: theirs.perSecond.toFixed(0),
  baseline: direct.perSecond.toFixed(0),
  ratio: theirs.perSecond / direct.perSecond,
})

async function addedRow({ load, upstream }: Bench, workload: Workload, gateway: string, rate: number): Promise<Row> {
  const paced = (url: string) =>
    load.paced({ url, requests: workload.requests, connections: CONNECTIONS, seconds: SECONDS }, rate)
  const [alone, through] = [[] as number[], [] as number[]]
  const rates: number[] = []
  for (let round = 0; round < PACED_ROUNDS; round++) {
    alone.push((await paced(upstream)).p95)
    const result = await paced(gateway)
    through.push(result.p95)
    rates.push(result.perSecond)
  }
  const added = median(through.map((value, at) => value - (alone[at] as number)))
  return {
    what: `${workload.name}: added at p95, at half of the highest load (${median(rates).toFixed(0)}/s), ms`,
    measured: added.toFixed(1),
    baseline: median(alone).toFixed(1),
    target: `≤ ${ADDED_LIMIT}`,
    met: added <= ADDED_LIMIT,
  }
}

/** A peer is measured on what it answers as the gateway does; what it does not route is said and left out. */
async function thoseThatServe(peers: readonly string[], { name, requests }: Workload): Promise<string[]> {
  const [first] = requests
  const served: string[] = []
  for (const peer of peers) {
    const status = first && (await fetch(`http://${peer}${first.path}`, { headers: first.headers })).status
    if (status === 200) served.push(`http://${peer}`)
    else console.error(`${peer} answers ${status} to ${name}: left out`)
  }
  return served
}
