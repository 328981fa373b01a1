import { spawnSync } from 'node:child_process'
import { existsSync, globSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { Programs } from './stack/component.ts'
import { run } from './stack/daemon.ts'
import type { Step } from './steps.ts'

/** luajit runs the specs of the Lua plugins, chromium the tests of the pages; everything else does without. */
export type Need = keyof Programs | 'luajit' | 'chromium'

interface Prerequisite {
  /** As a person calls it. */
  name: string
  program: string
  /** Where it may be besides the PATH. */
  folders: string[]
  /** The option that prints the version, and the lowest that serves; without one, any does. */
  version?: { option: string; atLeast: number }
  packages: Record<Manager, string>
}

type Manager = 'apt-get' | 'dnf' | 'brew'

const PREREQUISITES: Record<Need, Prerequisite> = {
  postgres: {
    name: 'PostgreSQL server 13 or later',
    program: 'postgres',
    folders: ['/usr/lib/postgresql/*/bin', '/usr/pgsql-*/bin', '/opt/homebrew/opt/postgresql*/bin'],
    version: { option: '--version', atLeast: 13 },
    packages: { 'apt-get': 'postgresql', dnf: 'postgresql-server', brew: 'postgresql@17' },
  },
  redis: {
    name: 'Redis server 7 or later',
    program: 'redis-server',
    folders: [],
    version: { option: '--version', atLeast: 7 }, // SET with NX and GET at once
    packages: { 'apt-get': 'redis-server', dnf: 'redis', brew: 'redis' },
  },
  java: {
    name: 'Java runtime 17 or later',
    program: 'java',
    folders: ['/usr/lib/jvm/*/bin', '/opt/homebrew/opt/openjdk*/bin'],
    version: { option: '-version', atLeast: 17 },
    packages: { 'apt-get': 'default-jre-headless', dnf: 'java-21-openjdk-headless', brew: 'openjdk' },
  },
  maven: {
    name: 'Maven',
    program: 'mvn',
    folders: [],
    packages: { 'apt-get': 'maven', dnf: 'maven', brew: 'maven' },
  },
  luajit: {
    name: 'LuaJIT',
    program: 'luajit',
    folders: [],
    packages: { 'apt-get': 'luajit', dnf: 'luajit', brew: 'luajit' },
  },
  chromium: {
    name: 'Chromium',
    program: 'chromium',
    folders: [],
    packages: { 'apt-get': 'chromium', dnf: 'chromium', brew: 'chromium' },
  },
}

const INSTALL: Record<Manager, string> = {
  'apt-get': 'sudo apt-get install --no-install-recommends',
  dnf: 'sudo dnf install',
  brew: 'brew install',
}

/** Something that only the person at the machine can put right: the message says what to do. */
export class Missing extends Error {
  override name = 'Missing'
}

/** Where the needed programs are. What is missing is installed where that can be done unasked: on Debian, as root. */
export async function ensurePrograms<N extends Need>(
  needs: readonly N[],
  step: Step = async (_name, work) => work(),
): Promise<Record<N, string>> {
  const missing = needs.filter((need) => locate(PREREQUISITES[need]) === undefined)
  if (missing.length > 0) {
    if (process.getuid?.() !== 0 || !onPath('apt-get')) throw new Missing(advice(missing, onPath))
    const packages = missing.map((need) => PREREQUISITES[need].packages['apt-get'])
    await step(`installing ${packages.join(', ')}`, () => aptInstall(packages))
  }
  const found = needs.map((need) => {
    const path = locate(PREREQUISITES[need])
    if (path === undefined) throw new Missing(advice([need], onPath))
    return [need, path]
  })
  return Object.fromEntries(found)
}

/** What to install, and the command for this machine's package manager. */
export function advice(missing: readonly Need[], has: (program: string) => unknown): string {
  const wanted = missing.map((need) => PREREQUISITES[need])
  const names = wanted.map(({ name }) => name).join(', ')
  const manager = (Object.keys(INSTALL) as Manager[]).find(has)
  if (!manager) return `Missing: ${names}. Install what is missing and start again.`
  const packages = wanted.map(({ packages }) => packages[manager]).join(' ')
  return `Missing: ${names}. Install with:\n  ${INSTALL[manager]} ${packages}`
}

function locate({ program, folders, version }: Prerequisite): string | undefined {
  const fromHome = program === 'java' && process.env['JAVA_HOME'] ? [join(process.env['JAVA_HOME'], 'bin')] : []
  const elsewhere = folders.flatMap((pattern) => globSync(pattern).sort().reverse())
  return [...fromHome, ...pathFolders(), ...elsewhere]
    .map((folder) => join(folder, program))
    .find((path) => existsSync(path) && (!version || isRecent(path, version)))
}

function isRecent(path: string, { option, atLeast }: { option: string; atLeast: number }): boolean {
  const { stdout, stderr } = spawnSync(path, [option], { encoding: 'utf8' })
  const major = /(?:\) |v=|version ")(\d+)/.exec(stdout + stderr)?.[1]
  return Number(major) >= atLeast
}

const pathFolders = (): string[] => (process.env['PATH'] ?? '').split(delimiter).filter(Boolean)

const onPath = (program: string): boolean => pathFolders().some((folder) => existsSync(join(folder, program)))

/** Debian starts a server's service as it installs it, unless this script says no (invoke-rc.d(8)). */
const POLICY = '/usr/sbin/policy-rc.d'

async function aptInstall(packages: string[]): Promise<void> {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const wait = ['-o', 'DPkg::Lock::Timeout=120']
  const install = () => run('apt-get', ['install', '-y', '--no-install-recommends', ...wait, ...packages], { env })
  const ours = !existsSync(POLICY)
  if (ours) writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 })
  try {
    await install().catch(async () => {
      await run('apt-get', ['update'], { env }) // the package lists are missing or out of date
      await install()
    })
  } finally {
    if (ours) rmSync(POLICY)
  }
}
