import { createPublicKey } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { calculateJwkThumbprint } from 'jose'
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
} satisfies Record<string, { folder: string; port: PortName }>
export type ServiceName = keyof typeof SERVICES

/** What a service, and every command, reads from its environment on this machine; what the caller has set already stays. */
export function platformEnvironment(dir: string, env: NodeJS.ProcessEnv) {
  const ports = readPorts(env)
  const { POSTGRES_PASSWORD, ...secrets } = ensureSecrets(dir)
  const defaults = {
    ...secrets,
    HOST: '127.0.0.1',
    LOG_LEVEL: 'info',
    PUBLIC_URL: `http://localhost:${ports.PROXY_PORT}`,
    AUTH_URL: serviceUrl('auth', ports),
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

/** The variables that kong.yaml asks for: addresses, and the public half of the signing key. */
export async function deckEnvironment(platform: PlatformEnvironment, ports: Ports): Promise<Record<string, string>> {
  const publicKey = createPublicKey(readFileSync(platform.JWT_PRIVATE_KEY_FILE))
  const redis = new URL(platform.REDIS_URL)
  return {
    DECK_PUBLIC_URL: platform.PUBLIC_URL,
    DECK_AUTH_URL: serviceUrl('auth', ports),
    DECK_ONBOARDER_URL: serviceUrl('onboarder', ports),
    DECK_USERS_URL: serviceUrl('users', ports),
    DECK_REDIS_HOST: redis.hostname,
    DECK_REDIS_PORT: redis.port || '6379',
    DECK_REDIS_DATABASE: redis.pathname.slice(1) || '0',
    DECK_REDIS_USERNAME: decodeURIComponent(redis.username),
    DECK_REDIS_PASSWORD: decodeURIComponent(redis.password),
    DECK_JWT_KID: await calculateJwkThumbprint(publicKey.export({ format: 'jwk' })),
    // Stands between double quotes in YAML, where \n is a line's end.
    DECK_JWT_PUBLIC_KEY: String(publicKey.export({ type: 'spki', format: 'pem' })).replaceAll('\n', '\\n'),
  }
}

export const serviceUrl = (name: ServiceName, ports: Ports): string => `http://127.0.0.1:${ports[SERVICES[name].port]}`
