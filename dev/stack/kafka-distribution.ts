import { createHash } from 'node:crypto'
import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { run } from './daemon.ts'

const pom = join(import.meta.dirname, '../pom.xml')

/**
 * The folder with the broker that pom.xml pins, fetched by Maven unless an earlier run has. It is named by the pom's
 * content and moved into place whole, so a changed pom fetches anew and an interrupted fetch leaves nothing half-done.
 */
export async function kafkaDistribution(dir: string, programs: { maven: string }): Promise<string> {
  const version = createHash('sha256').update(readFileSync(pom)).digest('hex').slice(0, 12)
  const libs = join(dir, 'kafka', `libs-${version}`)
  if (existsSync(libs)) return libs
  const fresh = `${libs}.${process.pid}`
  await run(programs.maven, [
    ...['-q', '-B', '-f', pom],
    'dependency:copy-dependencies',
    '-DincludeScope=runtime',
    `-DoutputDirectory=${fresh}`,
  ])
  if (existsSync(libs)) rmSync(fresh, { recursive: true })
  else renameSync(fresh, libs)
  return libs
}
