import { lstatSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { styleText } from 'node:util'
import { type PlatformEnvironment, type ServiceName, serviceUrl } from './environment.ts'
import type { Ports } from './ports.ts'
import { inboxUrl } from './stack/mail.ts'

interface Running {
  ports: Ports
  platform: PlatformEnvironment
  services: ServiceName[]
  dir: string
}

/** What runs where, and what to try first. */
export function welcome({ ports, platform, services, dir }: Running): string {
  const api = `http://localhost:${ports.PROXY_PORT}`
  const member = '{"name":"Somchai Jaidee","email":"somchai@example.com","phoneNumber":"0812345678"}'
  const rows: [string, string][] = [
    ['gateway', api],
    ['admin API', `http://localhost:${ports.ADMIN_PORT}`],
    ...services.map((name): [string, string] => [name, serviceUrl(name, ports)]),
    ['Postgres', withoutPassword(platform.DATABASE_URL)],
    ['Redis', withoutPassword(platform.REDIS_URL)],
    ['Kafka', platform.KAFKA_BROKERS],
    ['mail inbox', process.env['SMTP_URL'] ? withoutPassword(platform.SMTP_URL) : inboxUrl(ports.MAIL_WEB_PORT)],
    ['data', [dir, ...elsewhere(join(dir, 'postgres'))].join(', ')],
    ['secrets, logs', `${join(dir, 'secrets.json')}, ${join(dir, 'logs')}`],
  ]
  const actions: [string, string][] = [
    ['register', `curl ${api}/api/v1/register -H 'Content-Type: application/json' \\\n    -d '${member}'`],
    ['make an admin', 'npm run admin:create -- --email you@example.com'],
    ['see the pages', api],
    ['see it all', 'npm run demo'],
    ['stop', 'Ctrl-C'],
  ]
  return [rows, actions].map(table).join('\n\n')
}

/** The cluster is a link where Postgres could not reach the folder itself. */
const elsewhere = (home: string): string[] =>
  lstatSync(home, { throwIfNoEntry: false })?.isSymbolicLink() ? [realpathSync(home)] : []

const table = (rows: [string, string][]): string =>
  rows.map(([name, value]) => `  ${styleText('cyan', name.padEnd(15))} ${value}`).join('\n')

/** Of a URL, so that it may be shown. */
function withoutPassword(text: string): string {
  const url = new URL(text)
  url.password = ''
  return url.href
}
