import { mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { ConfigError } from '../../lib/config.ts'
import { replaceFile } from '../../lib/replace-file.ts'
import { formatSigningKey, parseSigningKey, type SigningKey } from './signing-key.ts'

/** The private keys, a file each, for their owner alone. All nodes of auth read the same folder; who changes keys writes it. */
export interface KeyFolder {
  path: string
  /** Oldest first. */
  read(): Promise<SigningKey[]>
  /** One write to one file: a reader sees the key as it was or as it is now. */
  save(key: SigningKey): Promise<void>
  remove(kid: string): Promise<void>
}

const ENDING = '.jwk.json'

export function createKeyFolder(path: string): KeyFolder {
  const fileOf = (kid: string) => join(path, kid + ENDING)
  return {
    path,
    async read() {
      const names = (await unlessAbsent(readdir(path))) ?? []
      const keys = await Promise.all(names.filter((name) => name.endsWith(ENDING)).map((name) => readKey(path, name)))
      return keys.filter((key) => key !== undefined).sort((one, other) => +one.createdAt - +other.createdAt)
    },
    async save(key) {
      await mkdir(path, { recursive: true, mode: 0o700 })
      await replaceFile(fileOf(key.kid), formatSigningKey(key))
    },
    remove: (kid) => rm(fileOf(kid), { force: true }),
  }
}

/** Undefined where it has been retired since the folder was listed. */
async function readKey(folder: string, name: string): Promise<SigningKey | undefined> {
  const file = join(folder, name)
  const text = await unlessAbsent(readFile(file, 'utf8'))
  if (text === undefined) return undefined
  try {
    const key = await parseSigningKey(text)
    if (name !== key.kid + ENDING) throw new Error(`the key's own name is ${key.kid}`)
    return key
  } catch (error) {
    // Its cause stays out: a parser's message may quote the text.
    const reason = error instanceof SyntaxError ? 'not JSON' : (error as Error).message
    throw new ConfigError(`JWT_KEYS_DIR: ${file} holds no ES256 signing key: ${reason}`)
  }
}

async function unlessAbsent<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
