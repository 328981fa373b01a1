import { common, key32, readConfig } from '../../lib/config.ts'

export const loadConfig = (env: NodeJS.ProcessEnv) =>
  readConfig(env, {
    ...common,
    THAI_ID_KEY: key32({ desc: 'encrypts Thai IDs, 32 bytes in base64, shared with users' }),
    CONTACT_HASH_KEY: key32({ desc: 'hashes what only one member may have, for keys in Redis, 32 bytes in base64' }),
  })

export type Config = ReturnType<typeof loadConfig>
