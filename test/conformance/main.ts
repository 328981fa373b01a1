import { parseArgs } from 'node:util'
import { type Case, readCases, recorded } from './cases.ts'
import { startEchoUpstreams } from './echo-upstreams.ts'
import type { Address } from './exchange.ts'
import { type GatewayProcess, startGateway } from './gateway-process.ts'
import { play, type Stage } from './play.ts'

const help = `Plays cases recorded from Kong 3.9 against a gateway, and compares.

  npm run conformance [-- --proxy HOST:PORT --admin HOST:PORT | --workers N] [--only TEXT] [--verbose] [DIR…]

Without --proxy and --admin it starts the gateway of this repository, with one worker or as many as --workers says.
DIR holds case files (by default the recorded ones); --only plays those whose file or name has TEXT in it.
Ends with 'N passed, N failed', and with exit status 1 if any failed.`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    proxy: { type: 'string' },
    admin: { type: 'string' },
    workers: { type: 'string', default: '1' },
    only: { type: 'string', default: '' },
    verbose: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
const print = (line: string) => process.stdout.write(`${line}\n`)

if (values.help) print(help)
else {
  process.exitCode = await run().catch((error: Error) => {
    print(error.message)
    return 2
  })
}

async function run(): Promise<number> {
  const running = addressed()
  const cases = chosen()
  const upstreams = await startEchoUpstreams()
  try {
    const gateway = running ?? (await startGateway({}, Number(values.workers)))
    let failed = 0
    for (const recording of cases) if (!(await passes({ ...gateway, upstreams }, recording))) failed++
    await gateway.stop()
    print(`${cases.length - failed} passed, ${failed} failed`)
    return failed > 0 ? 1 : 0
  } finally {
    await upstreams.stop()
  }
}

/** The gateway that was named, if one was: it is not ours to stop. */
function addressed(): GatewayProcess | undefined {
  const { proxy, admin } = values
  if (proxy === undefined && admin === undefined) return undefined
  if (proxy === undefined || admin === undefined)
    throw new Error('--proxy and --admin belong together: give both, or neither')
  return { proxy: address(proxy), admin: address(admin), stop: () => Promise.resolve() }
}

function chosen(): Case[] {
  const directories = positionals.length > 0 ? positionals : [recorded]
  return directories.flatMap(readCases).filter(({ file, name }) => `${file} ${name}`.includes(values.only))
}

async function passes(stage: Stage, recording: Case): Promise<boolean> {
  const found = await play(stage, recording).catch((error: Error) => [error.message])
  if (found.length === 0) return true
  print(`FAIL ${recording.file}: ${recording.name}`)
  for (const line of found.slice(0, values.verbose ? 50 : 6)) print(`     ${line}`)
  return false
}

/** HOST:PORT, or a port on this machine. */
function address(text: string): Address {
  const [, host = '127.0.0.1', port] = /^(?:(.*):)?(\d+)$/.exec(text) ?? []
  if (port === undefined) throw new Error(`'${text}' is no address: write HOST:PORT`)
  return { host, port: Number(port) }
}
