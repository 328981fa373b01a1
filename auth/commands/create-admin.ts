import { randomBytes } from 'node:crypto'
import { contactFields } from '../../lib/contact.ts'
import { createDb } from '../../lib/db.ts'
import { HttpError } from '../../lib/errors.ts'
import { createLog } from '../../lib/log.ts'
import { Advice, misused, readArguments, runAsCommand } from '../../lib/run-as-command.ts'
import { readerOfCredentials } from '../new-credentials.ts'
import { readPasswordPolicy } from '../password-policy.ts'
import { createPasswords } from '../passwords.ts'
import { migrateAuth, SCHEMA } from '../schema.ts'
import { loadConfig } from './config.ts'
import { makeAdmin, type Outcome } from './make-admin.ts'

const HELP = `npm run admin:create -- --email E [--password P]

Makes an account with the role admin, or gives that role to the account that has this address.
Without --password a new account gets a random one, printed this once; an account that has one keeps it.
The first login asks to set up a second factor.
Reads DATABASE_URL.`

const COMMAND = 'admin:create'

const SAID: Record<Exclude<Outcome, 'disabled'>, string> = {
  created: 'is an admin now',
  promoted: 'is an admin now and has to sign in again',
  unchanged: 'is an admin already, nothing has changed',
}

const OPTIONS = { email: { type: 'string' }, password: { type: 'string' }, help: { type: 'boolean' } } as const

async function main(): Promise<string> {
  const { help, email, password } = readArguments({ options: OPTIONS }, COMMAND).values
  if (help) return HELP
  if (email === undefined) throw misused('--email is missing', COMMAND)
  const generated = randomBytes(18).toString('base64url')
  const credentials = await readCredentials({ email, password: password ?? generated })
  const { outcome, passwordSet } = await withDatabase((parts) =>
    makeAdmin(parts, { ...credentials, replace: password !== undefined }),
  )
  if (outcome === 'disabled') throw new Advice(`${credentials.email} belongs to a disabled user: enable the user first`)
  const shown = passwordSet && password === undefined ? `\nPassword (not shown again): ${generated}` : ''
  return `${credentials.email} ${SAID[outcome]}${shown}`
}

async function readCredentials(given: { email: string; password: string }) {
  const schema = {
    type: 'object',
    properties: { email: contactFields.email, password: { type: 'string' } },
    required: ['email', 'password'],
    additionalProperties: false,
  } as const
  try {
    return readerOfCredentials<{ email: string; password: string }>(schema, await readPasswordPolicy())(given)
  } catch (error) {
    if (!(error instanceof HttpError)) throw error
    throw new Advice((error.errors ?? []).map(({ field, message }) => `--${field} ${message}`).join('; '))
  }
}

async function withDatabase<T>(work: (parts: Parameters<typeof makeAdmin>[0]) => Promise<T>): Promise<T> {
  const config = loadConfig()
  const db = createDb({ url: config.DATABASE_URL, schema: SCHEMA, log: createLog({ service: SCHEMA, level: 'error' }) })
  try {
    await migrateAuth(db)
    return await work({ db, passwords: await createPasswords(config) })
  } finally {
    await db.destroy()
  }
}

await runAsCommand(main, 'Postgres does not answer: npm start starts it, or set DATABASE_URL')
