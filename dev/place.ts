import { join, resolve } from 'node:path'

export const root = join(import.meta.dirname, '..')

/** Not in git. */
const ignored = join(root, '.local')

/** Data, keys and logs of the platform on this machine. LOCAL_DIR moves them: a second platform beside the first. */
export const local = resolve(process.env['LOCAL_DIR'] ?? ignored)

/** What is fetched once for all platforms and test runs of this checkout. */
export const downloads = ignored

/** Each test run has its own folder, of this name and a random ending. */
export const testDirs = join(ignored, 'test-')

/** What npm run partner:add writes, beside kong.yaml: with keys in it, so not in git. */
export const partnersFile = join(local, 'partners.yaml')

/** The built pages, which the web service serves. */
export const pages = join(root, 'web/dist')
