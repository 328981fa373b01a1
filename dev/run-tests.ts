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

/** How long the test process may take to stop its servers and end, once all tests are through. */
const END_WITHIN_MS = 60_000
const TEST_DIRS = `${testDirs}*`

/** Runs mocha with these arguments in a process of its own; what that prints goes to a log file. */
export async function runTests(args: string[]): Promise<Report> {
  await sweep(TEST_DIRS) // of runs that were killed
  const run = randomUUID()
  const log = join(downloads, 'logs', 'test.log')
  const { report, how } = await runMocha(args, { run, log })
  const left = [...(await sweep(TEST_DIRS)), ...endProcessesOf(run)]

  const problems = [report.failures]
  if (how !== 'ended') problems.push(`The test process ${how}.\n${tailOf(log)}`)
  if (left.length > 0) problems.push(`Left running by the tests: ${left.join(', ')}`)
  return {
    ...report,
    failed: report.failed + problems.length - 1,
    failures: problems.filter(Boolean).join('\n\n'),
  }
}

interface Run {
  report: Report
  how: string
}

async function runMocha(args: string[], { run, log }: { run: string; log: string }): Promise<Run> {
  mkdirSync(dirname(log), { recursive: true })
  const output = openSync(log, 'w')
  const mocha = join(root, 'node_modules/mocha/bin/mocha.js')
  const reporter = join(root, 'dev/test-reporter.ts')
  const child = spawn(process.execPath, [...process.execArgv, mocha, '--reporter', reporter, ...args], {
    cwd: root,
    env: { ...process.env, [RUN_VARIABLE]: run },
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
  if (hangs) return { report: report ?? NONE, how: 'did not end by itself' }
  if (!report) return { report: NONE, how: signal ? `was ended by ${signal}` : `exited with code ${code}` }
  return { report, how: 'ended' }
}

const NONE: Report = { passed: 0, failed: 0, failures: '', skipped: [] }
