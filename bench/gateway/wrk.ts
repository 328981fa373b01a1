import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { run } from '../../dev/stack/daemon.ts'
import type { Aim, BenchRequest, FlatOut, LoadGenerator, Paced } from './load-generator.ts'

const SCRIPT = join(import.meta.dirname, 'wrk.lua')
const SEPARATOR = '\x1e'

/** One thread of wrk, on the cores of this process. */
export function wrk(dir: string): LoadGenerator {
  const files = new WeakMap<readonly BenchRequest[], string>()
  let written = 0

  /** wrk reads what it sends from a file, written once for each list of requests. */
  function fileOf(requests: readonly BenchRequest[]): string {
    let file = files.get(requests)
    if (file === undefined) {
      mkdirSync(dir, { recursive: true })
      file = join(dir, `requests-${++written}`)
      writeFileSync(file, requests.map(asItTravels).join(SEPARATOR))
      files.set(requests, file)
    }
    return file
  }

  async function measure({ url, requests, connections, seconds }: Aim, rest: string[]): Promise<FlatOut & Paced> {
    const options = ['-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', '10s', '-s', SCRIPT]
    const output = await run('wrk', [...options, url, '--', fileOf(requests), ...rest])
    const [, json] = /^RESULT (.+)$/m.exec(output) ?? []
    if (json === undefined) throw new Error(`wrk has not said what came of its requests:\n${output}`)
    const result = JSON.parse(json)
    return { ...result, perSecond: result.answered / result.seconds }
  }

  return {
    name: 'wrk',
    flatOut: (aim) => measure(aim, []),
    paced: (aim, perSecond) => measure(aim, [String((aim.connections / perSecond) * 1000)]),
  }
}

function asItTravels({ path, headers }: BenchRequest): string {
  const fields = Object.entries({ Host: 'bench.example.test', ...headers }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  )
  return `GET ${path} HTTP/1.1\r\n${fields.join('')}\r\n`
}
