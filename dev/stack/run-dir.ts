import { globSync, mkdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { livingProcess, stopProcesses, writePidFile } from './pid-file.ts'
import { removeDataHome } from './postgres-home.ts'

const supervisorFile = (dir: string) => join(dir, 'supervisor.pid')

/** The process that runs what is in this folder, if it is alive. Without one, what still runs there is a leftover. */
export const supervisor = (dir: string): number | undefined => livingProcess(supervisorFile(dir))?.pid

/** Makes this process the folder's supervisor, until it leaves or dies. */
export function claim(dir: string): void {
  mkdirSync(dir, { recursive: true })
  writePidFile(supervisorFile(dir), process.pid, 'SIGTERM')
}

export const leave = (dir: string): void => rmSync(supervisorFile(dir), { force: true })

/** Ends everything that runs in this folder; gives the names of what did. */
export const stopAll = (dir: string): Promise<string[]> => stopProcesses(join(dir, 'run'))

/**
 * Removes the folders of this pattern whose supervisors are gone, with those within them, after ending what still runs there;
 * gives the names of that.
 */
export async function sweep(pattern: string): Promise<string[]> {
  const abandoned = globSync(pattern).filter((dir) => supervisor(dir) === undefined)
  const within = abandoned.flatMap((dir) => globSync(join(dir, '*', 'run')).map(dirname))
  const stopped = await Promise.all([...within, ...abandoned].map(stopAll))
  for (const dir of abandoned) remove(dir)
  return stopped.flat()
}

/** Removes the folder, and where they are elsewhere the clusters of what ran in it. */
export function remove(dir: string): void {
  for (const home of globSync(join(dir, '{*/,}postgres'))) removeDataHome(home)
  rmSync(dir, { recursive: true, force: true })
}
