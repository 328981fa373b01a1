import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { commandOf } from './port-owner.ts'

/** Set for a test run; every process that comes of it inherits it. */
export const RUN_VARIABLE = 'JADE_TEST_RUN'

/** Ends what a test run has left running, where the system shows other processes' environment (Linux); gives their commands. */
export function endProcessesOf(run: string): string[] {
  if (!existsSync('/proc/self/environ')) return []
  const pids = readdirSync('/proc').filter((entry) => /^\d+$/.test(entry) && belongsTo(entry, run))
  return pids.map((pid) => {
    const command = commandOf(pid)
    process.kill(Number(pid), 'SIGKILL')
    return command
  })
}

function belongsTo(pid: string, run: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`${RUN_VARIABLE}=${run}`)
  } catch {
    return false // another user's process, or gone
  }
}
