import { join } from 'node:path'
import { startDaemon } from '../../dev/stack/daemon.ts'
import { freePort } from '../../test/support/ports.ts'
import { dir, stack } from '../../test/support/stack.ts'

/** A koa + pg service as a process of its own, on a database of its own of the run's Postgres. */
export async function startKoaPg(program: 'koa-pg' | 'koa-pg-update' = 'koa-pg') {
  const { postgres } = await stack('postgres')
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const daemon = await startDaemon({
    name: program,
    command: process.execPath,
    args: [join(import.meta.dirname, `${program}.ts`), String(port), await postgres.createDatabase()],
    dir,
    answers: async () => (await fetch(url, { method: 'POST', body: '{' })).status === 500,
  })
  return { ...daemon, url }
}
