import { ConfigError } from './config.ts'
import type { RunningService } from './service.ts'

const STOP_LIMIT_MS = 10_000

type Running = Pick<RunningService, 'stop'>

/** Runs a service as this process: SIGTERM and SIGINT stop it cleanly, a bad configuration ends it with the reason. */
export async function runAsProcess(start: (env: NodeJS.ProcessEnv) => Promise<Running>, env: NodeJS.ProcessEnv) {
  const service = await start(env).catch((error) => {
    process.stderr.write(error instanceof ConfigError ? `${error.message}\n` : `${error?.stack ?? error}\n`)
    process.exit(1)
  })
  let stopping = false
  const stop = async () => {
    if (stopping) return
    stopping = true
    setTimeout(() => process.exit(1), STOP_LIMIT_MS).unref()
    await service.stop()
    process.exit()
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
}
