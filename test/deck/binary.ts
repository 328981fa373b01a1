import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { downloads } from '../../dev/place.ts'

const run = promisify(execFile)

/** Where `go install` puts it, beside what else is fetched once for this checkout. */
const folder = join(downloads, 'go/bin')
/** Fetching and compiling it for the first time. */
const PATIENCE = 600_000

type Found = { path: string } | { missing: string }

let found: Promise<Found> | undefined

/** The real decK: the one on PATH, else one that Go installs; asked for once in a run. */
export function findDeck(): Promise<Found> {
  found ??= find()
  return found
}

async function find(): Promise<Found> {
  const known = [folder, ...(process.env['PATH'] ?? '').split(delimiter)].map((place) => join(place, 'deck'))
  const path = known.find((file) => existsSync(file))
  return path === undefined ? await install() : { path }
}

async function install(): Promise<Found> {
  try {
    const env = { ...process.env, GOBIN: folder }
    await run('go', ['install', 'github.com/kong/deck@latest'], { env, timeout: PATIENCE })
    return { path: join(folder, 'deck') }
  } catch (error) {
    const { code, stderr = '' } = error as { code?: unknown; stderr?: string }
    if (code === 'ENOENT') return { missing: 'deck needs Go to be installed' }
    return { missing: `Go cannot install deck: ${stderr.trim().split('\n').at(-1)}` }
  }
}
