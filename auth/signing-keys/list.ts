import type { KeyFolder } from './key-folder.ts'
import { type Standing, standings } from './standing.ts'

/** A key as it may be shown to people. */
export interface KeyView extends Pick<Standing, 'state' | 'since'> {
  kid: string
  retirableFrom: Date | null
}

/** The oldest first. */
export async function list(folder: KeyFolder): Promise<KeyView[]> {
  const all = standings(await folder.read(), new Date())
  return all.map(({ key: { kid }, state, since, retirableFrom }) => ({
    ...{ kid, state, since },
    retirableFrom: retirableFrom ?? null,
  }))
}
