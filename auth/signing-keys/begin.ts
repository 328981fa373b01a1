import { existsSync } from 'node:fs'
import { declare } from './declaration.ts'
import { createKeyFolder } from './key-folder.ts'
import { newSigningKey } from './signing-key.ts'
import { signingKeyOf } from './standing.ts'

/** For a platform that has no keys yet: the first one, the one that waits behind it, and their declaration. */
export async function ensureSigningKeys({ folder: path, declaration }: { folder: string; declaration: string }) {
  const folder = createKeyFolder(path)
  const hasSigningKey = signingKeyOf(await folder.read()) !== undefined
  if (hasSigningKey && existsSync(declaration)) return
  if (!hasSigningKey) {
    const now = new Date()
    await folder.save({ ...(await newSigningKey(now)), signingSince: now })
    await folder.save(await newSigningKey(now))
  }
  await declare(declaration, await folder.read())
}
