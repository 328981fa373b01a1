process.env['STACK_DURABLE'] = 'yes' // Postgres as in production: fsync on

const HELP = `npm run bench -- NAME: measures one thing beside its baseline, in one run, and prints a table.
  registration   accepting and storing members, against a koa + pg service that inserts within the request
  gateway        the gateway's own cost, against its upstream called directly`

const benches: Record<string, () => Promise<void>> = {
  registration: async () => (await import('./registration.ts')).registrationBench(),
  gateway: async () => (await import('./gateway.ts')).gatewayBench(),
}

const bench = benches[process.argv[2] ?? '']
if (bench) {
  await bench()
} else {
  const asked = process.argv.includes('--help')
  console[asked ? 'log' : 'error'](HELP)
  process.exitCode = asked ? 0 : 2
}
