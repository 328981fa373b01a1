import { common, key32, readConfig, url } from '../../lib/config.ts'

export const loadConfig = (env: NodeJS.ProcessEnv) =>
  readConfig(env, {
    ...common,
    DATABASE_URL: url({ desc: 'postgres://user:password@host:port/database' }),
    AUTH_URL: url({ desc: 'where auth answers, e.g. http://127.0.0.1:8101' }),
    THAI_ID_KEY: key32({ desc: 'encrypts Thai IDs, 32 bytes in base64, shared with onboarder' }),
    THAI_ID_HASH_KEY: key32({ desc: 'finds equal Thai IDs by their hash, 32 bytes in base64' }),
    CONFIRMATION_KEY: key32({ desc: 'signs confirmation links, 32 bytes in base64, shared with notifier' }),
  })
