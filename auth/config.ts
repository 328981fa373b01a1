import { common, count, key32, keys32, makeValidator, readConfig, str, url } from '../lib/config.ts'

/** How costly a password is to try: the minimum that OWASP's Password Storage Cheat Sheet names for argon2id. */
export const passwordHashing = {
  ARGON2_MEMORY_KIB: count({ default: 19_456, desc: 'memory of one argon2id hash, in KiB' }),
  ARGON2_PASSES: count({ default: 2, desc: 'passes of one argon2id hash' }),
  ARGON2_CONCURRENCY: count({ default: 2, desc: 'hashes computed at the same time' }),
  ARGON2_QUEUE: count({ default: 100, desc: 'hashes waiting; further ones are refused with 503' }),
}

export const database = { DATABASE_URL: url({ desc: 'postgres://user:password@host:port/database' }) }

export const signingKeys = { JWT_KEYS_DIR: str({ desc: 'folder of the ES256 signing keys; npm run keys makes them' }) }

/** URLs, separated by commas. */
const urls = makeValidator((text) => {
  const list = text.split(',').map((item) => item.trim())
  if (!list.every((item) => /^https?:$/.test(URL.parse(item)?.protocol ?? '')))
    throw new Error('expected http://host:port[,…]')
  return list
})

/** What a change of the signing keys has to reach beside their folder and the database. */
export const keyChange = {
  DECK_JWT_SECRETS_FILE: str({ desc: 'file with the public halves, what kong.yaml takes for DECK_JWT_SECRETS' }),
  GATEWAY_ADMIN_URL: url({ desc: 'the Admin API, http://host:port' }),
  ADMIN_TOKEN: str({ default: undefined, desc: 'what the Admin API asks for, if it asks' }),
  GATEWAY_NODES: urls({ desc: 'where each gateway node serves clients, http://host:port[,http://host:port…]' }),
}

/** None where GATEWAY_ADMIN_URL is not set: then only the command changes the keys. */
export const loadKeyChangeConfig = (env: NodeJS.ProcessEnv) =>
  env['GATEWAY_ADMIN_URL'] ? readConfig(env, keyChange) : undefined

export type KeyChangeConfig = NonNullable<ReturnType<typeof loadKeyChangeConfig>>

export const loadConfig = (env: NodeJS.ProcessEnv) =>
  readConfig(env, {
    ...common,
    ...database,
    ...passwordHashing,
    ...signingKeys,
    TOTP_KEY: key32({ desc: 'seals the TOTP secrets' }),
    TOTP_OLD_KEYS: keys32({ default: [], desc: 'open the TOTP secrets that are not sealed under TOTP_KEY yet' }),
    PASSWORD_RESET_KEY: key32({ desc: 'makes the secrets in mailed links that reset passwords, shared with notifier' }),
    PUBLIC_URL: url({ desc: 'where people and apps reach this platform, https://…' }),
    COOKIE_KEY: key32({ desc: 'signs what browsers keep' }),
  })
