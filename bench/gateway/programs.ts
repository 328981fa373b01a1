import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** What the bench would rather use than Node, where it is there. */
export interface Programs {
  wrk: string | undefined
  nginx: string | undefined
}

/** Debian has servers where a user's PATH does not lead. */
const FOLDERS = ['/usr/sbin', '/usr/local/sbin']

export function findPrograms(path: string): Programs {
  const folders = [...path.split(delimiter), ...FOLDERS]
  const find = (name: string) => folders.map((folder) => join(folder, name)).find((file) => existsSync(file))
  return { wrk: find('wrk'), nginx: find('nginx') }
}
