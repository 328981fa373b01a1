import fs from 'node:fs'
import { promisify } from 'node:util'

const open = promisify(fs.open)
const close = promisify(fs.close)
const append = promisify(fs.appendFile)

const OWNER_WRITES_ALL_READ = 0o644

export interface AppendedFiles {
  /** `reopen`: to the file that has the name now, as after a rotation, and not to the one that had it at first. */
  append(path: string, reopen: boolean, text: string): Promise<void>
}

/** Files that stay open for as long as the worker lives; they are created if need be. */
export function createAppendedFiles(): AppendedFiles {
  const known = new Map<string, number>()
  return {
    async append(path, reopen, text) {
      let file = known.get(path)
      if (reopen && file !== undefined) {
        known.delete(path)
        await close(file)
        file = undefined
      }
      file ??= await open(path, 'a', OWNER_WRITES_ALL_READ)
      known.set(path, file)
      await append(file, text)
    },
  }
}
