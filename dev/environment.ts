import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ensureSigningKeys } from '../auth/signing-keys/begin.ts'
import { pages } from './place.ts'
import { type PortName, type Ports, readPorts } from './ports.ts'
import { ensureSecrets } from './secrets.ts'
import { kafkaUrl } from './stack/kafka.ts'
import { mailUrl } from './stack/mail.ts'
import { postgresUrl } from './stack/postgres.ts'
import { redisUrl } from './stack/redis.ts'

/** Every service: the folder of its main.ts and the variable of its port. */
export const SERVICES = {
  auth: { folder: 'auth', port: 'AUTH_PORT' },
  onboarder: { folder: 'services/onboarder', port: 'ONBOARDER_PORT' },
  users: { folder: 'services/users', port: 'USERS_PORT' },
  notifier: { folder: 'services/notifier', port: 'NOTIFIER_PORT' },
  'cache-updater': { folder: 'services/cache-updater', port: 'CACHE_UPDATER_PORT' },
  web: { folder: 'services/web', port: 'WEB_PORT' },
  operations: { folder: 'services/operations', port: 'OPERATIONS_PORT' },
} satisfies Record<string, { folder: string; port: PortName }>
export type ServiceName = keyof typeof SERVICES

/** What a service, and every command, reads from its environment on this machine; what the caller has set already stays. */
export function platformEnvironment(dir: string, env: NodeJS.ProcessEnv) {
  const ports = readPorts(env)
  const { POSTGRES_PASSWORD, ...secrets } = ensureSecrets(dir)
  const defaults = {
    ...secrets,
    JWT_KEYS_DIR: join(dir, 'keys'),
    DECK_JWT_SECRETS_FILE: join(dir, 'jwt-secrets.json'),
    HOST: '127.0.0.1',
    LOG_LEVEL: 'info',
    PUBLIC_URL: `http://localhost:${ports.PROXY_PORT}`,
    AUTH_URL: serviceUrl('auth', ports),
    SERVICE_URLS: serviceUrls(ports),
    GATEWAY_NODES: `http://127.0.0.1:${ports.PROXY_PORT}`,
    GATEWAY_ADMIN_URL: `http://127.0.0.1:${ports.ADMIN_PORT}`,
    WEB_ROOT: pages,
    MAIL_FROM: 'Jade Palace <no-reply@jade-palace.example>',
    DATABASE_URL: postgresUrl(ports.POSTGRES_PORT, POSTGRES_PASSWORD),
    REDIS_URL: redisUrl(ports.REDIS_PORT),
    KAFKA_BROKERS: kafkaUrl(ports.KAFKA_PORT),
    SMTP_URL: mailUrl(ports.SMTP_PORT),
  }
  const given = Object.keys(defaults).flatMap((name) => (env[name] ? [[name, env[name]]] : []))
  return { ...defaults, ...(Object.fromEntries(given) as Partial<typeof defaults>) }
}
export type PlatformEnvironment = ReturnType<typeof platformEnvironment>

/** The variables that kong.yaml asks for: addresses, and the public halves of the signing keys, of which there are some from now on. */
export async function deckEnvironment(platform: PlatformEnvironment, ports: Ports): Promise<Record<string, string>> {
  const { JWT_KEYS_DIR: folder, DECK_JWT_SECRETS_FILE: declaration } = platform
  await ensureSigningKeys({ folder, declaration })
  const redis = new URL(platform.REDIS_URL)
  return {
    DECK_PUBLIC_URL: platform.PUBLIC_URL,
    DECK_AUTH_URL: serviceUrl('auth', ports),
    DECK_ONBOARDER_URL: serviceUrl('onboarder', ports),
    DECK_USERS_URL: serviceUrl('users', ports),
    DECK_WEB_URL: serviceUrl('web', ports),
    DECK_OPERATIONS_URL: serviceUrl('operations', ports),
    DECK_REDIS_HOST: redis.hostname,
    DECK_REDIS_PORT: redis.port || '6379',
    DECK_REDIS_DATABASE: redis.pathname.slice(1) || '0',
    DECK_REDIS_USERNAME: decodeURIComponent(redis.username),
    DECK_REDIS_PASSWORD: decodeURIComponent(redis.password),
    DECK_JWT_SECRETS: readFileSync(declaration, 'utf8').trimEnd(),
    // decK has no use for this one: from it the embedded gateway reads them again, as npm run keys changes them.
    DECK_JWT_SECRETS_FILE: declaration,
  }
}

export const serviceUrl = (name: ServiceName, ports: Ports): string => `http://127.0.0.1:${ports[SERVICES[name].port]}`

const serviceUrls = (ports: Ports): string =>
  (Object.keys(SERVICES) as ServiceName[]).map((name) => `${name}=${serviceUrl(name, ports)}`).join()
