import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { closeSync, mkdirSync, openSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { endProcessesOf, RUN_VARIABLE } from './leftover-processes.ts'
import { downloads, root, testDirs } from './place.ts'
import { tailOf } from './stack/daemon.ts'
import { sweep } from './stack/run-dir.ts'
import type { Report } from './test-reporter.ts'

/** How long a test process may take to stop its servers and end, once all its tests are through. */
const END_WITHIN_MS = 60_000
const TEST_DIRS = `${testDirs}*`

/** Where a test process takes its servers' ports from, `FIRST-LAST`: none that another one is about to take. */
export const PORTS_VARIABLE = 'JADE_TEST_PORTS'
/** Below the range that the system hands out to clients: a port stays free while its server is stopped in the middle of a test. */
export const PORTS = { first: 20_000, last: 31_999 }

/** Runs mocha once for each of these lists of arguments, side by side; what a process prints goes to a log file of its own. */
export async function runTests(lanes: string[][]): Promise<Report> {
  await sweep(TEST_DIRS) // of runs that were killed
  const run = randomUUID()
  const outcomes = await Promise.all(
    lanes.map((args, index) => {
      const log = join(downloads, 'logs', `test-${index + 1}.log`)
      return runMocha(args, { run, log, ports: share(index, lanes.length) })
    }),
  )
  const left = [...(await sweep(TEST_DIRS)), ...endProcessesOf(run)]

  const problems = outcomes.flatMap(({ problem }) => problem ?? [])
  if (left.length > 0) problems.push(`Left running by the tests: ${left.join(', ')}`)
  const reports = outcomes.map(({ report }) => report)
  const sum = (count: 'passed' | 'failed') => reports.reduce((total, report) => total + report[count], 0)
  return {
    passed: sum('passed'),
    failed: sum('failed') + problems.length,
    failures: [...reports.map(({ failures }) => failures), ...problems].filter(Boolean).join('\n\n'),
    skipped: reports.flatMap(({ skipped }) => skipped),
  }
}

function share(index: number, of: number): string {
  const size = Math.floor((PORTS.last - PORTS.first + 1) / of)
  const first = PORTS.first + index * size
  return `${first}-${first + size - 1}`
}

interface Outcome {
  report: Report
  /** Why the process itself counts as a failure. */
  problem?: string
}

async function runMocha(
  args: string[],
  { run, log, ports }: { run: string; log: string; ports: string },
): Promise<Outcome> {
  mkdirSync(dirname(log), { recursive: true })
  const output = openSync(log, 'w')
  const mocha = join(root, 'node_modules/mocha/bin/mocha.js')
  const reporter = join(root, 'dev/test-reporter.ts')
  const child = spawn(process.execPath, [...process.execArgv, mocha, '--reporter', reporter, ...args], {
    cwd: root,
    env: { ...process.env, [RUN_VARIABLE]: run, [PORTS_VARIABLE]: ports },
    stdio: ['ignore', output, output, 'ipc'],
  })
  closeSync(output)
  let report: Report | undefined
  let hangs = false
  child.on('message', (message) => {
    report = message as Report
    setTimeout(() => {
      hangs = child.kill('SIGKILL')
    }, END_WITHIN_MS).unref()
  })
  // Ctrl-C: end the tests at once, but not before what they run has been stopped.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill('SIGKILL'))
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null]
  const outcome = (how: string): Outcome => ({
    report: report ?? NONE,
    problem: `A test process ${how}.\n${tailOf(log)}`,
  })
  if (hangs) return outcome('did not end by itself')
  if (!report) return outcome(signal ? `was ended by ${signal}` : `exited with code ${code}`)
  return { report }
}

const NONE: Report = { passed: 0, failed: 0, failures: '', skipped: [] }
