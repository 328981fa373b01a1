import { open, rename } from 'node:fs/promises'

/** Writes a file whole or not at all, also when the power fails in the middle; for its owner alone unless `mode` says otherwise. */
export async function replaceFile(file: string, text: string, mode = 0o600): Promise<void> {
  const fresh = `${file}.${process.pid}`
  const handle = await open(fresh, 'w', mode)
  try {
    await handle.writeFile(text)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(fresh, file)
}
