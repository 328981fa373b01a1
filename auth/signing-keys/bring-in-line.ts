import type { Knex } from 'knex'
import type { AdminApi } from '../../deck/admin-api.ts'
import { declare, jwtSecrets } from './declaration.ts'
import { openGatewayTo } from './gateway-keys.ts'
import type { KeyFolder } from './key-folder.ts'

/** What a change of keys takes. */
export interface KeyParts {
  db: Knex
  folder: KeyFolder
  /** The file that holds what kong.yaml takes for DECK_JWT_SECRETS. */
  declaration: string
  admin: AdminApi
  /** The address at which each gateway node serves clients. */
  nodes: string[]
  now: () => Date
}

/** Makes the declaration and the running gateway what the folder says. */
export async function bringInLine({ folder, declaration, admin }: KeyParts): Promise<void> {
  const keys = await folder.read()
  await declare(declaration, keys)
  await openGatewayTo(jwtSecrets(keys), admin)
}
