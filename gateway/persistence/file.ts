import { type FileHandle, open, readFile, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { type Change, withChanges } from '../changes.ts'
import type { Entities } from '../entities.ts'
import type { Kept, Store } from './store.ts'

/** Where the file goes on: what its first line says of the declaration, and how long its lines are. */
interface Journal {
  handle: FileHandle
  declaration: string
  whole: number
  changes: number
}

/**
 * Everything on the first line, and on each further one what was changed then. When these have become longer than the first, the
 * file is written anew: whole or not at all, also when the power fails in the middle. For its owner alone, as it holds keys.
 */
export function createFileStore(file: string): Store {
  let journal: Journal | undefined

  async function close(): Promise<void> {
    const { handle } = journal ?? {}
    journal = undefined
    await handle?.close()
  }

  async function writeWhole({ declaration, entities }: Kept): Promise<void> {
    await close()
    const fresh = `${file}.${process.pid}`
    const line = `${JSON.stringify({ declaration, entities })}\n`
    const handle = await open(fresh, 'w', 0o600)
    try {
      await handle.writeFile(line)
      await handle.sync()
      await rename(fresh, file)
      await syncFolder(path.dirname(file))
    } catch (error) {
      await handle.close()
      await rm(fresh, { force: true })
      throw error
    }
    journal = { handle, declaration, whole: line.length, changes: 0 }
  }

  /** What went wrong half-way is mended by the next save, which writes everything. */
  async function append({ handle, ...sizes }: Journal, changes: readonly Change[]): Promise<void> {
    const line = `${JSON.stringify(changes)}\n`
    try {
      await handle.writeFile(line)
      await handle.datasync()
      journal = { ...sizes, handle, changes: sizes.changes + line.length }
    } catch (error) {
      await close()
      throw error
    }
  }

  return {
    async read() {
      try {
        return keptIn(await readFile(file, 'utf8'))
      } catch (cause) {
        if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined
        throw new Error(`${file} cannot be read (remove it to start from what is declared)`, { cause })
      }
    },
    async save({ changes, ...kept }) {
      const goesOn = journal?.declaration === kept.declaration && journal.changes <= journal.whole
      if (journal && goesOn) await append(journal, changes)
      else await writeWhole(kept)
    },
    async clear() {
      await close()
      await rm(file, { force: true })
    },
    isReachable: () => Promise.resolve(true),
    close,
  }
}

/** Only then does a new name in it outlive a power failure. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder)
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** A last line that has no end was never reported as kept. */
function keptIn(text: string): Kept {
  const [whole = '', ...more] = text.split('\n')
  const kept = JSON.parse(whole) as Kept
  const changes = more.slice(0, -1).map((line) => JSON.parse(line) as Change[])
  return { ...kept, entities: changes.reduce(withChanges, kept.entities as Entities) }
}
