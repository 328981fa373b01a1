import type { Knex } from 'knex'
import type { AdminApi } from '../../deck/admin-api.ts'
import type { KeyChangeConfig } from '../config.ts'
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
  /** Ends what waits for the gateway. */
  signal?: AbortSignal
}

export const keyParts = (config: KeyChangeConfig, rest: Pick<KeyParts, 'db' | 'folder' | 'signal'>): KeyParts => ({
  ...rest,
  declaration: config.DECK_JWT_SECRETS_FILE,
  admin: { url: config.GATEWAY_ADMIN_URL, token: config.ADMIN_TOKEN },
  nodes: config.GATEWAY_NODES,
  now: () => new Date(),
})

/** Makes the declaration and the running gateway what the folder says. */
export async function bringInLine({ folder, declaration, admin, signal }: KeyParts): Promise<void> {
  const keys = await folder.read()
  await declare(declaration, keys)
  await openGatewayTo(jwtSecrets(keys), { ...admin, signal })
}
