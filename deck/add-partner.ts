import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { env, exit, stderr, stdout } from 'node:process'
import { parseArgs } from 'node:util'
import { parse, stringify } from 'yaml'
import { readFiles } from '../gateway/declarative/load.ts'

const GROUPS = ['partner-bronze', 'partner-silver', 'partner-gold']
const KONG_FILE = join(import.meta.dirname, '../kong.yaml')
const HELP = `npm run partner:add -- --name NAME --group GROUP: gives a partner an API key, prints it once, and opens the gateway to it.
  --name NAME    letters, digits, . - _ ~
  --group GROUP  ${GROUPS.join(', ')}
Partners are kept beside kong.yaml in PARTNERS_FILE, a decK file that is not in git; GATEWAY_ADMIN_URL is the Admin API.`

interface Partners {
  _format_version: string
  consumers: { username: string; keyauth_credentials: { key: string }[]; acls: { group: string }[] }[]
}

/** What went wrong and what to do about it, on one line. */
class Refusal extends Error {}

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
  const before = existsSync(file) ? readFileSync(file, 'utf8') : undefined
  const partners: Partners = (before && parse(before)) || { _format_version: '3.0', consumers: [] }
  if (partners.consumers.some(({ username }) => username === asked.name)) {
    throw new Refusal(`there is a partner ${asked.name} already; choose another name`)
  }
  const key = `jade_${randomBytes(32).toString('base64url')}`
  partners.consumers.push({ username: asked.name, keyauth_credentials: [{ key }], acls: [{ group: asked.group }] })
  save(file, stringify(partners))
  try {
    await putInForce(file, admin)
  } catch (error) {
    if (before === undefined) rmSync(file)
    else save(file, before)
    throw error
  }
  stderr.write(`${asked.name} may now call /partner/v1 with this key, in the header apikey. It is not shown again:\n`)
  stdout.write(`${key}\n`)
}

function options(): { name: string; group: string } | undefined {
  const { values } = parseArgs({
    options: { name: { type: 'string' }, group: { type: 'string' }, help: { type: 'boolean' } },
  })
  if (values.help) return undefined
  const { name = '', group = '' } = values
  if (!/^[\w.~-]{1,64}$/.test(name)) throw new Refusal('--name takes 1 to 64 letters, digits, . - _ or ~')
  if (!GROUPS.includes(group)) throw new Refusal(`--group takes one of ${GROUPS.join(', ')}`)
  return { name, group }
}

function places(): { file: string; admin: string } {
  const { PARTNERS_FILE: file, GATEWAY_ADMIN_URL: admin } = env
  if (!file || !admin) throw new Refusal('set PARTNERS_FILE (a path) and GATEWAY_ADMIN_URL (http://host:port)')
  return { file, admin }
}

/** Whole or not at all, and for its owner alone. */
function save(file: string, text: string): void {
  const fresh = `${file}.${process.pid}`
  writeFileSync(fresh, text, { mode: 0o600 })
  renameSync(fresh, file)
}

async function putInForce(file: string, admin: string): Promise<void> {
  const declaration = await readFiles([KONG_FILE, file], env)
  const answer = await fetch(new URL('/config', admin), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(declaration),
  }).catch((cause) => {
    throw new Refusal(`no Admin API at ${admin}; start the platform with npm start`, { cause })
  })
  if (answer.status !== 201) throw new Refusal(`the gateway refused: ${((await answer.json()) as Error).message}`)
}
