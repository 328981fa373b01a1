import { readFileSync } from 'node:fs'
import type { KeyPair } from '../../proxy/test-certificates.ts'
import { declarationOf, entitiesOf, parseDeckFile } from '../load.ts'

export interface SoundFile {
  name: string
  text: string
  document: unknown
}

export interface Pems {
  pair: KeyPair
  authority: KeyPair
  publicKey: string
}

/** Reads a file that is sound, with made-up values for all that it takes from the environment. */
export function soundFile(file: string, pems: Pems): SoundFile {
  const name = file.split('/').at(-1) as string
  const text = filled(readFileSync(file, 'utf8'), pems)
  return { name, text, document: parseDeckFile(name, text, {}) }
}

/** What is said of a document, or undefined where it is accepted. */
export function refusalOf(name: string, document: unknown): string | undefined {
  try {
    entitiesOf([name], declarationOf(name, document))
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}

function filled(text: string, { pair, authority, publicKey }: Pems): string {
  const inQuotes = (pem: string) => pem.replaceAll('\n', '\\n')
  const values: [RegExp, string][] = [
    [/_CERT$/, inQuotes(pair.cert)],
    [/_AUTHORITY$/, inQuotes(authority.cert)],
    [/_PUBLIC_KEY$/, inQuotes(publicKey)],
    [/_KEY$/, inQuotes(pair.key)],
    [/_SECRETS$/, '[{ "key": "issuer", "secret": "SECRET-of-the-issuer" }]'],
    [/_URL$/, 'http://upstream.test'],
    [/_(PORT|DATABASE)$/, '7'],
    [/_PASSWORD$/, 'SECRET-from-outside'],
  ]
  return text.replace(/\$\{\{ env "(\w+)" \}\}/g, (_, name: string) => {
    return values.find(([ending]) => ending.test(name))?.[1] ?? 'value.test'
  })
}
