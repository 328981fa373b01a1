import { runAsCommand } from '../lib/run-as-command.ts'
import { USAGE as GATEWAY_USAGE } from './gateway/options.ts'

process.env['STACK_DURABLE'] = 'yes' // Postgres as in production: fsync on

const HELP = `npm run bench -- NAME: measures one thing beside its baseline, in one run, and prints a table.
  registration   accepting and storing members, against a koa + pg service that inserts within the request
  auth           logins, refreshes and signatures, against argon2 alone and a koa + pg service that changes a row
  members        the console's list of a million members: search, filter and sort, with the plans behind them
  gateway        the gateway's own cost, against its upstream called directly

${GATEWAY_USAGE}`

const benches: Record<string, (args: string[]) => Promise<void>> = {
  registration: async () => (await import('./registration.ts')).registrationBench(),
  auth: async () => (await import('./auth.ts')).authBench(),
  members: async () => (await import('./members.ts')).membersBench(),
  gateway: async (args) => (await import('./gateway.ts')).gatewayBench(args),
}

const [name = '', ...args] = process.argv.slice(2)
const asked = process.argv.includes('--help')
const bench = benches[name]
if (bench && !asked) {
  await runAsCommand(() => bench(args).then(() => undefined))
} else {
  console[asked ? 'log' : 'error'](HELP)
  process.exitCode = asked ? 0 : 2
}
