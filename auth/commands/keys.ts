import { createDb } from '../../lib/db.ts'
import { createLog } from '../../lib/log.ts'
import { misused, readArguments, runAsCommand } from '../../lib/run-as-command.ts'
import { migrateAuth, SCHEMA } from '../schema.ts'
import { type KeyParts, keyParts } from '../signing-keys/bring-in-line.ts'
import { createKeyFolder } from '../signing-keys/key-folder.ts'
import { type KeyView, list } from '../signing-keys/list.ts'
import { retire } from '../signing-keys/retire.ts'
import { rotate } from '../signing-keys/rotate.ts'
import type { Standing } from '../signing-keys/standing.ts'
import { loadKeyChangeConfig, loadKeysConfig } from './config.ts'

const HELP = `The keys that auth signs access tokens with. No request is refused for a change of them.

  npm run keys -- list   [--json]    next: waits; signing: signs; verifying: its tokens still count; expired: to be retired
  npm run keys -- rotate             signs with the waiting key once every gateway node knows it, and makes the next one
  npm run keys -- retire [--force]   takes away keys whose last token has expired

  --json    print JSON
  --force   every key that signs no more, now: tokens that it signed are refused from now on
Either may be run again after it broke off, and goes on where it was. Both write the public halves to DECK_JWT_SECRETS_FILE, from
which the next sync takes DECK_JWT_SECRETS, and bring the running gateway in line.
Reads JWT_KEYS_DIR; rotate and retire DATABASE_URL, DECK_JWT_SECRETS_FILE, GATEWAY_ADMIN_URL, ADMIN_TOKEN, GATEWAY_NODES too.`

const COMMAND = 'keys'

const OPTIONS = { json: { type: 'boolean' }, force: { type: 'boolean' }, help: { type: 'boolean' } } as const

async function main(): Promise<string> {
  const { values, positionals } = readArguments({ allowPositionals: true, options: OPTIONS }, COMMAND)
  const [action, ...rest] = positionals
  if (values.help || action === undefined) return HELP
  if (rest.length > 0) throw misused(`Unknown argument ${rest[0]}`, COMMAND)
  if (values.json && action !== 'list') throw misused('--json is for list', COMMAND)
  if (values.force && action !== 'retire') throw misused('--force is for retire', COMMAND)
  if (action === 'list') return await describeKeys(values.json)
  if (action === 'rotate') return await change(describeRotation)
  if (action === 'retire') return await change((parts) => describeRetirement(parts, values.force ?? false))
  throw misused(`Unknown command ${action}`, COMMAND)
}

async function describeKeys(json: boolean | undefined): Promise<string> {
  const rows = await list(createKeyFolder(loadKeysConfig().JWT_KEYS_DIR))
  if (json) return JSON.stringify(rows, null, 2)
  return rows.map(line).join('\n') || 'No keys: npm run keys -- rotate makes the first'
}

function line({ kid, state, since, retirableFrom }: KeyView): string {
  const until = retirableFrom ? `  may be retired from ${retirableFrom.toISOString()}` : ''
  return `${kid}  ${state.padEnd(9)}  since ${since.toISOString()}${until}`
}

async function describeRotation(parts: KeyParts): Promise<string> {
  const { signing, waiting } = await rotate(parts)
  return `auth signs with ${signing.kid} from now on; ${waiting.kid} is next`
}

async function describeRetirement(parts: KeyParts, force: boolean): Promise<string> {
  const gone = await retire(parts, { force })
  return gone.map(({ key }: Standing) => `${key.kid} is retired`).join('\n') || 'No key to retire'
}

async function change(work: (parts: KeyParts) => Promise<string>): Promise<string> {
  const config = loadKeyChangeConfig()
  const db = createDb({
    url: config.DATABASE_URL,
    schema: SCHEMA,
    log: createLog({ service: COMMAND, level: 'error' }),
  })
  try {
    await migrateAuth(db)
    return await work(keyParts(config, { db, folder: createKeyFolder(config.JWT_KEYS_DIR) }))
  } finally {
    await db.destroy()
  }
}

await runAsCommand(main, 'Postgres does not answer: npm start starts it, or set DATABASE_URL')
