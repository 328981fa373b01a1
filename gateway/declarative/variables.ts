import { readFile } from 'node:fs/promises'
import type { Environment } from './deck-template.ts'

const INDIRECT = /^(DECK_.+)_FILE$/

/**
 * The variables for a file's `${{ env "DECK_…" }}`. DECK_NAME_FILE names a file that holds DECK_NAME's value: it is read whenever
 * the config is, so that a value can change while the process, whose environment cannot, goes on.
 */
export async function readVariables(env: Environment): Promise<Environment> {
  const indirect = Object.entries(env).flatMap(([variable, file]) => {
    const name = INDIRECT.exec(variable)?.[1]
    return name && file ? [{ name, file }] : []
  })
  const values = await Promise.all(
    indirect.map(async ({ name, file }) => [name, (await readFile(file, 'utf8')).trimEnd()]),
  )
  return { ...env, ...Object.fromEntries(values) }
}
