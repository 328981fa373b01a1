import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { until } from './until.ts'

const STOP_MS = 20_000

/** Stopped first, in this order: the rest is what they stand on. */
const USERS = ['gateway', 'services']

interface Entry {
  pid: number
  /** Tells the process from a later one with the same pid. */
  identity: string
  stopSignal: NodeJS.Signals
}

/** Notes a running process, so that whoever comes after a killed supervisor can find it. */
export function writePidFile(file: string, pid: number, stopSignal: NodeJS.Signals): void {
  const entry: Entry = { pid, identity: identify(pid) ?? '', stopSignal }
  writeFileSync(file, JSON.stringify(entry))
}

/** The process that the file names, while it is alive. */
export function livingProcess(file: string): Entry | undefined {
  if (!existsSync(file)) return undefined
  try {
    const entry = JSON.parse(readFileSync(file, 'utf8')) as Entry
    return identify(entry.pid) === entry.identity ? entry : undefined
  } catch (error) {
    if (error instanceof SyntaxError) return undefined // its writer was killed while writing
    throw error
  }
}

/** Ends the processes of a folder's pid files, whoever started them, users before what they use; gives the names of those that ran. */
export async function stopProcesses(folder: string): Promise<string[]> {
  const files = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith('.pid')) : []
  const names = files.map((file) => file.replace('.pid', ''))
  const stopped: (string | undefined)[] = []
  for (const group of [...USERS.map((user) => [user]), names.filter((name) => !USERS.includes(name))]) {
    const present = group.filter((name) => names.includes(name))
    stopped.push(...(await Promise.all(present.map((name) => stopProcess(folder, name)))))
  }
  return stopped.filter((name) => name !== undefined)
}

async function stopProcess(folder: string, name: string): Promise<string | undefined> {
  const file = join(folder, `${name}.pid`)
  const found = livingProcess(file)
  if (found) {
    const gone = () => livingProcess(file) === undefined
    process.kill(found.pid, found.stopSignal)
    await until(gone, { within: STOP_MS, what: `stopping ${name}` }).catch(() => process.kill(found.pid, 'SIGKILL'))
    await until(gone, { within: STOP_MS, what: `killing ${name}` })
  }
  rmSync(file, { force: true })
  return found && name
}

/** Since which boot and moment it runs; undefined for a process that has ended, also if nobody has collected it yet. */
function identify(pid: number): string | undefined {
  try {
    if (!existsSync('/proc/self/stat')) return ps(pid)
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const [state, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const startTime = rest[18] // proc_pid_stat(5): field 22
    return state === 'Z' ? undefined : `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${startTime}`
  } catch {
    return undefined
  }
}

const ps = (pid: number): string => execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' })
