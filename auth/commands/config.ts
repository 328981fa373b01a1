import { makeValidator, readConfig, str, url } from '../../lib/config.ts'
import { database, passwordHashing, signingKeys } from '../config.ts'

/** What a command needs to know of its surroundings. */
export const loadConfig = () => readConfig(process.env, { ...database, ...passwordHashing })

/** URLs, separated by commas. */
const urls = makeValidator((text) => {
  const list = text.split(',').map((item) => item.trim())
  if (!list.every((item) => /^https?:$/.test(URL.parse(item)?.protocol ?? '')))
    throw new Error('expected http://host:port[,…]')
  return list
})

/** What it takes to say which signing keys there are. */
export const loadKeysConfig = () => readConfig(process.env, signingKeys)

/** What it takes to change them. */
export const loadKeyChangeConfig = () =>
  readConfig(process.env, {
    ...database,
    ...signingKeys,
    DECK_JWT_SECRETS_FILE: str({ desc: 'file with the public halves, what kong.yaml takes for DECK_JWT_SECRETS' }),
    GATEWAY_ADMIN_URL: url({ desc: 'the Admin API, http://host:port' }),
    ADMIN_TOKEN: str({ default: undefined, desc: 'what the Admin API asks for, if it asks' }),
    GATEWAY_NODES: urls({ desc: 'where each gateway node serves clients, http://host:port[,http://host:port…]' }),
  })
