import type { Daemon } from './stack/daemon.ts'
import { claim, leave, stopAll, supervisor } from './stack/run-dir.ts'
import { createSteps, type Step } from './steps.ts'

export interface Supervised {
  step: Step
  /** Starts a process, as a step. Should it ever end by itself, everything is stopped. */
  launch(label: string, start: () => Promise<Daemon>): Promise<Daemon>
}

const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * Runs what `start` launches until this process is asked to stop (resolves) or something fails (rejects); either way
 * everything has been stopped by then. What an earlier run that was killed has left running in the folder is stopped first.
 */
export async function supervise(dir: string, start: (supervised: Supervised) => Promise<void>): Promise<void> {
  const other = supervisor(dir)
  if (other) throw new Error(`It is running already (pid ${other}). Stop that with Ctrl-C first.`)
  claim(dir)
  const asked = signalled()
  const step = createSteps(process.stdout)
  const left = await stopAll(dir)
  if (left.length > 0) console.log(`Stopped what an earlier run left behind: ${left.join(', ')}`)

  const launches: Promise<Daemon>[] = []
  const { promise: died, reject: fail } = Promise.withResolvers<never>()
  const launch = (label: string, begin: () => Promise<Daemon>) => {
    const launched = step(label, begin)
    launches.push(launched)
    launched.then(
      ({ ended, name, tail }) => ended.then((how) => fail(new Error(`${name} ${how}\n${tail()}`))),
      () => undefined, // `start` rejects with the same
    )
    return launched
  }
  const started = start({ step, launch })
  try {
    await Promise.race([asked, died, started.then(() => Promise.race([asked, died]))])
  } finally {
    console.log('')
    await step('stopping', async () => {
      await stopAll(dir)
      await Promise.allSettled([started, ...launches])
      await stopAll(dir) // what was about to begin
    })
    leave(dir)
  }
}

/** A terminal's Ctrl-C may arrive twice, once of them through npm: only the first counts, and stopping is never cut short. */
function signalled(): Promise<void> {
  process.stdout.on('error', () => undefined) // the terminal is gone after SIGHUP
  return new Promise((resolve) => {
    for (const signal of STOP_SIGNALS) process.on(signal, () => resolve())
  })
}
