import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { parse } from 'yaml'
import type { Address } from '../conformance/exchange.ts'
import { skip } from '../support/skip.ts'
import { findDeck } from './binary.ts'
import { declared } from './declared.ts'

export const ADMIN_TOKEN = 'an-admin-token-of-at-least-32-characters'

/** What `diff` exits with under --non-zero-exit-code when there is something to do. */
export const DIFFERENT = 2

export interface Ended {
  code: number
  output: string
}

export interface RealDeck {
  run(args: readonly string[], admin?: Address, token?: string): Promise<Ended>
  /** What it has printed; fails where it ends with anything but 0. */
  ok(args: readonly string[], admin?: Address): Promise<string>
  /** A decK file that says this. */
  file(text: string): Promise<string>
  dumped(admin: Address, ...args: string[]): Promise<Record<string, Record<string, unknown>[]>>
  /** Exit code of `gateway diff`: 0 where there is nothing to do. */
  diff(admin: Address, ...files: string[]): Promise<number>
  folder: string
  remove(): Promise<void>
}

/** decK with a home of its own; skips the tests where there is none. */
export async function realDeck(context: Mocha.Context): Promise<RealDeck> {
  const found = await findDeck()
  if ('missing' in found) return skip(context, found.missing)
  const folder = await mkdtemp(join(tmpdir(), 'deck-'))
  const env = { ...process.env, ...declared, HOME: folder }

  const run: RealDeck['run'] = (args, admin, token = ADMIN_TOKEN) => {
    const where = admin && [
      ...['--kong-addr', `http://${admin.host}:${admin.port}`],
      ...['--headers', `Kong-Admin-Token:${token}`],
    ]
    return new Promise((resolve) => {
      execFile(found.path, [...args, '--analytics=false', ...(where ?? [])], { env }, (error, stdout, stderr) => {
        resolve({ code: error ? Number(error.code) : 0, output: stdout + stderr })
      })
    })
  }

  const ok: RealDeck['ok'] = async (args, admin) => {
    const { code, output } = await run(args, admin)
    expect(code, `deck ${args.join(' ')}: ${output}`).to.equal(0)
    return output
  }

  const newFile = () => join(folder, `${crypto.randomUUID()}.yaml`)

  return {
    run,
    ok,
    folder,
    async file(text) {
      const path = newFile()
      await writeFile(path, `_format_version: "3.0"\n${text}`)
      return path
    },
    async dumped(admin, ...args) {
      const path = newFile()
      await ok(['gateway', 'dump', '--output-file', path, ...args], admin)
      return parse(await readFile(path, 'utf8'))
    },
    diff: async (admin, ...files) => (await run(['gateway', 'diff', ...files, '--non-zero-exit-code'], admin)).code,
    remove: () => rm(folder, { recursive: true }),
  }
}
