import { open, readFile, rename, rm } from 'node:fs/promises'
import type { Kept, Store } from './store.ts'

/** For its owner alone, as it holds keys; whole or not at all, also when the power fails in the middle. */
export function createFileStore(file: string): Store {
  return {
    async read() {
      try {
        return JSON.parse(await readFile(file, 'utf8')) as Kept
      } catch (cause) {
        if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined
        throw new Error(`${file} cannot be read (remove it to start from what is declared)`, { cause })
      }
    },
    async save(kept) {
      const fresh = `${file}.${process.pid}`
      const handle = await open(fresh, 'w', 0o600)
      try {
        await handle.writeFile(JSON.stringify(kept))
        await handle.sync()
      } finally {
        await handle.close()
      }
      await rename(fresh, file)
    },
    clear: () => rm(file, { force: true }),
    close: () => Promise.resolve(),
  }
}
