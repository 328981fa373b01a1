import { globSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { pages, root } from './place.ts'
import { run } from './stack/daemon.ts'
import type { Step } from './steps.ts'

const BUILT = join(pages, 'index.html')
const SOURCES = ['web/src/**/*', 'web/public/**/*', 'web/*.*', 'lib/{contact,thai-id}.ts', 'package-lock.json']
const COMPRESSIBLE = '**/*.{html,js,css,svg}'

/** Builds the pages where one of their sources is newer. */
export async function ensurePages(step: Step): Promise<void> {
  const built = modified(BUILT)
  const sources = globSync(SOURCES, { cwd: root }).map((path) => modified(join(root, path)))
  if (built > Math.max(...sources)) return
  await step('building the pages', async () => {
    await run(process.execPath, [join(root, 'node_modules/vite/bin/vite.js'), 'build', 'web'], { cwd: root })
    for (const path of globSync(COMPRESSIBLE, { cwd: pages })) compress(join(pages, path))
  })
}

/** Once, as it is built, and not at every request. */
function compress(path: string): void {
  const content = readFileSync(path)
  writeFileSync(`${path}.gz`, gzipSync(content, { level: 9 }))
  writeFileSync(`${path}.br`, brotliCompressSync(content))
}

const modified = (path: string): number => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0
