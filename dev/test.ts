import { join } from 'node:path'
import { readArguments, runAsCommand } from '../lib/run-as-command.ts'
import { ensurePages } from './pages.ts'
import { downloads, root } from './place.ts'
import { ensurePrograms } from './prerequisites.ts'
import { runTests } from './run-tests.ts'
import { run } from './stack/daemon.ts'
import { kafkaDistribution } from './stack/kafka-distribution.ts'
import { createSteps } from './steps.ts'
import type { Report } from './test-reporter.ts'

const HELP = `npm test [-- [--only PATTERN] [FILE…]]: checks types and style, then runs the tests on servers of their own.
With --only (a pattern of test names) or files, runs just those tests.`
const PLATFORM = 'test/{e2e,pages}/**/*.test.ts'
const SERVICES = '{auth,services}/**/*.test.ts'
const ALL = '{auth,bench,deck,dev,gateway,lib,services,test,web}/**/*.test.ts'
/** Side by side, each on servers of its own: one waits where another computes. */
const LANES = [[PLATFORM], [SERVICES], [ALL, '--ignore', PLATFORM, '--ignore', SERVICES]]

const step = createSteps(process.stdout)
const total: Omit<Report, 'failures'> = { passed: 0, failed: 0, skipped: [] }
const bin = (name: string) => join(root, 'node_modules/.bin', name)

await runAsCommand(main)

async function main(): Promise<string | undefined> {
  const options = { only: { type: 'string' }, help: { type: 'boolean' } } as const
  const { values, positionals } = readArguments({ options, allowPositionals: true }, 'test')
  if (values.help) return HELP
  if (!values.only && positionals.length === 0) {
    for (const project of ['.', 'web']) {
      await check(`types of ${project}`, () => run(bin('tsc'), ['--noEmit', '-p', project], { cwd: root }))
    }
    await check('lint', () => run(bin('biome'), ['check', '--error-on-warnings', '.'], { cwd: root }))
  }
  const pattern = values.only ? ['--grep', values.only] : []
  const lanes = positionals.length > 0 ? [positionals] : LANES
  await check('pages', () => ensurePages(step))
  if (await check('servers', installServers)) await test(lanes.map((specs) => [...pattern, ...specs]))
  for (const name of total.skipped) console.log(`skipped: ${name}`)
  const skipped = total.skipped.length > 0 ? `, ${total.skipped.length} skipped` : ''
  console.log(`${total.passed} passed, ${total.failed} failed${skipped}`)
  process.exit(total.failed > 0 ? 1 : 0)
}

/** One that fails does not stop the next. */
async function check(name: string, work: () => Promise<unknown>): Promise<boolean> {
  try {
    await step(name, work)
    total.passed += 1
    return true
  } catch (error) {
    total.failed += 1
    console.log((error as Error).message)
    return false
  }
}

async function installServers(): Promise<void> {
  const programs = await ensurePrograms(['postgres', 'redis', 'java', 'maven'], step)
  await kafkaDistribution(downloads, programs)
  // Without one of these the tests that need it say so and are skipped.
  for (const program of ['luajit', 'chromium'] as const) await ensurePrograms([program], step).catch(() => undefined)
}

async function test(lanes: string[][]): Promise<void> {
  const tests = async () => {
    const { passed, failed, failures, skipped } = await runTests(lanes)
    total.passed += passed
    total.failed += failed
    total.skipped = skipped
    if (failed > 0) throw new Error(failures)
  }
  await step('tests', tests).catch((error: Error) => console.log(error.message))
}
