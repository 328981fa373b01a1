import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { env, exit, stderr, stdout } from 'node:process'
import { parse, stringify } from 'yaml'
import { Advice, readArguments } from '../lib/run-as-command.ts'
import type { AdminApi } from './admin-api.ts'
import { alone } from './alone.ts'
import { openGateway } from './open-gateway.ts'

const GROUPS = ['partner-bronze', 'partner-silver', 'partner-gold']

const HELP = `npm run partner:add -- --name NAME --group GROUP: gives a partner an API key, prints it once, and opens the gateway to it.
  --name NAME    letters, digits, . - _ ~
  --group GROUP  ${GROUPS.join(', ')}
Partners are kept beside kong.yaml in PARTNERS_FILE, a decK file that is not in git; GATEWAY_ADMIN_URL is the Admin API,
ADMIN_TOKEN what it asks for, if it asks.`

interface Asked {
  name: string
  group: string
}

interface Partners {
  _format_version: string
  consumers: { username: string; keyauth_credentials: { key: string }[]; acls: { group: string }[] }[]
}

try {
  await addPartner()
} catch (error) {
  stderr.write(`partner:add: ${(error as Error).message}\n`)
  exit(1)
}

async function addPartner(): Promise<void> {
  const asked = options()
  if (!asked) {
    stdout.write(`${HELP}\n`)
    return
  }
  const { file, admin } = places()
  const key = await alone(`${file}.lock`, () => add(asked, file, admin))
  stderr.write(`${asked.name} may now call /partner/v1 with this key, in the header apikey. It is not shown again:\n`)
  stdout.write(`${key}\n`)
}

/** Gives the key; whatever goes wrong, the file says what it said before. */
async function add({ name, group }: Asked, file: string, admin: AdminApi): Promise<string> {
  const before = existsSync(file) ? readFileSync(file, 'utf8') : undefined
  const partners: Partners = (before && parse(before)) || { _format_version: '3.0', consumers: [] }
  if (partners.consumers.some(({ username }) => username === name)) {
    throw new Advice(`there is a partner ${name} already; choose another name`)
  }
  const key = `jade_${randomBytes(32).toString('base64url')}`
  partners.consumers.push({ username: name, keyauth_credentials: [{ key }], acls: [{ group }] })
  save(file, stringify(partners))
  try {
    await openGateway({ name, group, key }, admin)
  } catch (error) {
    if (before === undefined) rmSync(file)
    else save(file, before)
    throw error
  }
  return key
}

function options(): Asked | undefined {
  const known = { name: { type: 'string' }, group: { type: 'string' }, help: { type: 'boolean' } } as const
  const { values } = readArguments({ options: known }, 'partner:add')
  if (values.help) return undefined
  const { name = '', group = '' } = values
  if (!/^[\w.~-]{1,64}$/.test(name)) throw new Advice('--name takes 1 to 64 letters, digits, . - _ or ~')
  if (!GROUPS.includes(group)) throw new Advice(`--group takes one of ${GROUPS.join(', ')}`)
  return { name, group }
}

function places(): { file: string; admin: AdminApi } {
  const { PARTNERS_FILE: file, GATEWAY_ADMIN_URL: url, ADMIN_TOKEN: token } = env
  if (!file || !url) throw new Advice('set PARTNERS_FILE (a path) and GATEWAY_ADMIN_URL (http://host:port)')
  return { file, admin: { url, token } }
}

/** Whole or not at all, and for its owner alone. */
function save(file: string, text: string): void {
  const fresh = `${file}.${process.pid}`
  writeFileSync(fresh, text, { mode: 0o600 })
  renameSync(fresh, file)
}
