import { format } from 'node:util'
import Mocha from 'mocha'
import { watchHandles } from './open-handles.ts'

/** What the test process tells the process that started it, when all tests are through. */
export interface Report {
  passed: number
  failed: number
  /** The failures, each with its place and difference. */
  failures: string
  /** Names; the reason stands in parentheses (test/support/skip.ts). */
  skipped: string[]
}

/** Well after the servers have been stopped: what is open by then stays open. */
const SAY_WHAT_IS_OPEN_AFTER_MS = 40_000

/** Quiet: says nothing itself, and sends the outcome as a message. */
export default class Reporter {
  constructor(runner: Mocha.Runner) {
    const failed: Mocha.Test[] = []
    const skipped: string[] = []
    const handles = watchHandles()
    let passed = 0
    runner.on('pass', () => {
      passed += 1
    })
    runner.on('pending', (test) => skipped.push(test.fullTitle()))
    runner.on('fail', (test, error) => failed.push(Object.assign(test, { err: error })))
    runner.once('end', () => {
      const report: Report = { passed, failed: failed.length, failures: describe(failed), skipped }
      process.send?.(report)
      setTimeout(() => console.log(['Still open:', ...handles.list()].join('\n  ')), SAY_WHAT_IS_OPEN_AFTER_MS).unref()
    })
  }
}

function describe(failed: Mocha.Test[]): string {
  const { Base } = Mocha.reporters
  const lines: string[] = []
  Base.consoleLog = (...args: unknown[]) => lines.push(format(...args))
  Base.list(failed)
  return lines.join('\n')
}
