import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { writePidFile } from './pid-file.ts'
import { until } from './until.ts'

const TAIL_LINES = 20

export interface Daemon {
  name: string
  pid: number
  /** Settles when the process has ended, wanted or not, and says how. */
  ended: Promise<string>
  /** The end of its log. */
  tail(): string
  stop(): Promise<void>
  /** Ends it as a power cut would. */
  kill(): Promise<void>
}

export interface DaemonOptions {
  name: string
  command: string
  args: string[]
  /** Gets logs/NAME.log (the run before: NAME.1.log) and run/NAME.pid. */
  dir: string
  /** Does it do its work by now? To throw means: not yet. */
  answers(): Promise<boolean>
  readyWithin?: number
  env?: NodeJS.ProcessEnv
  cwd?: string
  /** Whom it runs as. */
  user?: { uid: number; gid: number }
  stopSignal?: NodeJS.Signals
  /** A process that still runs this long after its stop signal is killed. */
  stopWithin?: number
}

/**
 * Starts a server process and waits until it answers. It leads a process group of its own, so that a terminal's Ctrl-C
 * reaches the supervisor alone, which then stops everything in the right order.
 */
export async function startDaemon(options: DaemonOptions): Promise<Daemon> {
  const { name, answers, readyWithin = 60_000 } = options
  const daemon = launch(options)
  let end: string | undefined
  daemon.ended.then((how) => {
    end = how
  })
  try {
    await until(async () => end !== undefined || (await answers()), { within: readyWithin, what: `${name} answers` })
    if (end !== undefined) throw new Error(`${name} ${end}`)
  } catch (error) {
    await daemon.kill()
    throw new Error(`${(error as Error).message}\n${daemon.tail()}`, { cause: error })
  }
  return daemon
}

function launch(options: DaemonOptions): Daemon {
  const { name, command, args, dir, env, cwd = dir, user, stopSignal = 'SIGTERM', stopWithin = 20_000 } = options
  const log = freshLog(dir, name)
  const output = openSync(log, 'a')
  const child = spawn(command, args, {
    ...user,
    cwd,
    env: { ...inherited(), HOME: dir, LANG: 'C.UTF-8', ...env },
    detached: true,
    stdio: ['ignore', output, output],
  })
  closeSync(output)

  const ended = new Promise<string>((resolve) => {
    child.on('error', (error) => resolve(`cannot run: ${error.message}`))
    child.on('exit', (code, signal) => resolve(signal ? `was ended by ${signal}` : `exited with code ${code}`))
  })
  const pidFile = join(dir, 'run', `${name}.pid`)
  if (child.pid !== undefined) writePidFile(pidFile, child.pid, stopSignal)
  ended.then(() => rmSync(pidFile, { force: true }))

  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal)
    const overdue = setTimeout(() => child.kill('SIGKILL'), stopWithin)
    await ended
    clearTimeout(overdue)
  }
  return {
    name,
    pid: child.pid ?? 0,
    ended,
    tail: () => tailOf(log),
    stop: () => end(stopSignal),
    kill: () => end('SIGKILL'),
  }
}

/** What a process here needs of ours whatever it is (dev/run says why); the rest of the environment is not its business. */
const INHERITED = ['PATH', 'NODE_COMPILE_CACHE', 'NODE_OPTIONS']
const inherited = () => Object.fromEntries(INHERITED.map((name) => [name, process.env[name]]))

function freshLog(dir: string, name: string): string {
  mkdirSync(join(dir, 'logs'), { recursive: true })
  mkdirSync(join(dir, 'run'), { recursive: true })
  const log = join(dir, 'logs', `${name}.log`)
  if (existsSync(log)) renameSync(log, join(dir, 'logs', `${name}.1.log`))
  return log
}

export function tailOf(log: string): string {
  const lines = readFileSync(log, 'utf8').trimEnd().split('\n').slice(-TAIL_LINES)
  return [`--- ${log}`, ...lines].join('\n')
}

/** Waits for a process's own end where that is what it was started for. */
export async function run(command: string, args: string[], options: Omit<Parameters<typeof spawn>[2], 'stdio'> = {}) {
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  const collect = (piece: Buffer) => {
    output += piece
  }
  child.stdout.on('data', collect)
  child.stderr.on('data', collect)
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0) throw new Error(`${command} failed:\n${output.trimEnd()}`)
  return output
}
