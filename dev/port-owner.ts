import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { basename } from 'node:path'

const MAX_COMMAND = 60
const LISTEN = '0A' // TCP_LISTEN in the kernel's tcp_states.h

/** Who listens on a port, as far as this user may know: `redis-server *:6379 (pid 812)`. */
export function portOwner(port: number): string | undefined {
  return existsSync('/proc/net/tcp') ? ownerFromProc(port) : ownerFromLsof(port)
}

/** proc(5): /proc/net/tcp names the socket's inode, and the owner has a file descriptor that links to it. */
function ownerFromProc(port: number): string | undefined {
  const inodes = new Set(['/proc/net/tcp', '/proc/net/tcp6'].flatMap((table) => listeningInodes(table, port)))
  const links = new Set([...inodes].map((inode) => `socket:[${inode}]`))
  const pid = readdirSync('/proc').find((entry) => /^\d+$/.test(entry) && holdsOneOf(entry, links))
  return pid && `${commandOf(pid)} (pid ${pid})`
}

/** Its command line, short: all runtimes of one language would look alike by program name. */
export function commandOf(pid: string): string {
  const [program = '', ...args] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
  const text = [basename(program), ...args].join(' ').trim()
  return text.length > MAX_COMMAND ? `${text.slice(0, MAX_COMMAND)}…` : text
}

function listeningInodes(table: string, port: number): string[] {
  if (!existsSync(table)) return []
  const rows = readFileSync(table, 'utf8').split('\n').slice(1)
  return rows
    .map((row) => row.trim().split(/\s+/))
    .filter(([, local, , state]) => state === LISTEN && Number.parseInt(local?.split(':')[1] ?? '', 16) === port)
    .map((columns) => columns[9] ?? '')
}

function holdsOneOf(pid: string, links: Set<string>): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((fd) => links.has(linkOf(`/proc/${pid}/fd/${fd}`)))
  } catch {
    return false // another user's process, or gone
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    return '' // closed in the meantime
  }
}

function ownerFromLsof(port: number): string | undefined {
  const { stdout } = spawnSync('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc'], { encoding: 'utf8' })
  const [, pid, command] = /^p(\d+)\nc(.*)$/m.exec(stdout ?? '') ?? []
  return pid && `${command} (pid ${pid})`
}
