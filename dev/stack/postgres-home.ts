import { spawnSync } from 'node:child_process'
import { chownSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'

export interface ServerUser {
  uid: number
  gid: number
}

/** Where clusters go that the server's user could not reach otherwise. */
const ELSEWHERE = '/var/lib/jade-palace'

/** Postgres refuses to run as root: root starts it as `postgres`, or where there is none as `nobody`. */
export function serverUser(): ServerUser | undefined {
  if (process.getuid?.() !== 0) return undefined
  const user = userOf('postgres') ?? userOf('nobody')
  if (user) return user
  throw new Error('Postgres must not run as root, and there is no user postgres or nobody to run it as')
}

/** Undefined where the system has no user of this name. */
function userOf(name: string): ServerUser | undefined {
  const [uid, gid] = ['-u', '-g'].map((flag) => spawnSync('id', [flag, name], { encoding: 'utf8' }))
  return uid?.status === 0 && gid?.status === 0 ? { uid: Number(uid.stdout), gid: Number(gid.stdout) } : undefined
}

/** The cluster's folder, DIR/postgres; that is a link to one elsewhere if the server's user cannot get into DIR (a checkout under /root). */
export function dataHome(dir: string, user: ServerUser | undefined): string {
  const home = join(dir, 'postgres')
  if (existsSync(home)) return realpathSync(home)
  mkdirSync(dir, { recursive: true })
  if (!user || reachable(dir, user)) mkdirSync(home)
  else {
    mkdirSync(ELSEWHERE, { recursive: true, mode: 0o755 })
    symlinkSync(mkdtempSync(join(ELSEWHERE, 'local-')), home)
  }
  const real = realpathSync(home)
  if (user) chownSync(real, user.uid, user.gid)
  return real
}

/** What `home`, a folder or a link to it, holds. */
export const removeDataHome = (home: string): void => rmSync(realpathSync(home), { recursive: true })

const reachable = (dir: string, user: ServerUser): boolean =>
  spawnSync('test', ['-x', dir], { ...user, cwd: '/' }).status === 0
