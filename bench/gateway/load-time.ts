import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { run } from '../../dev/stack/daemon.ts'
import { median } from '../statistics.ts'
import type { Row } from '../table.ts'
import { type Part, withGateway } from './bench.ts'
import { fiveThousandRoutes } from './workloads.ts'

const ROUNDS = 3
/** Milliseconds. */
const LIMIT = 2_000

/** How long the file of 5,000 routes and as many consumers takes, in a process that has read none before. */
export const loadTime: Part = {
  name: 'large file',
  async run(bench) {
    const workload = fiveThousandRoutes(bench)
    const started = performance.now()
    const [file, serving] = await withGateway(
      bench,
      workload,
      ({ file }) => [file, performance.now() - started] as const,
    )
    const yaml = file.replace(/\.json$/, '.yaml')
    writeFileSync(yaml, stringify(workload.config))
    return [
      row('5,000 routes and 5,000 consumers: load and validate, JSON, ms', await reading(file)),
      row('the same as YAML, ms', await reading(yaml)),
      { what: 'the same as JSON: from the start of the process until it serves, ms', measured: serving.toFixed(0) },
    ]
  },
}

async function reading(file: string): Promise<number> {
  const times: number[] = []
  for (let round = 0; round < ROUNDS; round++)
    times.push(Number(await run(process.execPath, [join(import.meta.dirname, 'read-file.ts'), file])))
  return median(times)
}

const row = (what: string, milliseconds: number): Row => ({
  what,
  measured: milliseconds.toFixed(0),
  target: `< ${LIMIT}`,
  met: milliseconds < LIMIT,
})
