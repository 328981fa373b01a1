import { common, key32, num, readConfig, str, url } from '../../lib/config.ts'

export const loadConfig = (env: NodeJS.ProcessEnv) =>
  readConfig(env, {
    ...common,
    DATABASE_URL: url({ desc: 'postgres://user:password@host:port/database' }),
    SMTP_URL: url({ desc: 'smtp[s]://[user:password@]host:port' }),
    MAIL_FROM: str({ desc: 'sender of all mail, e.g. Jade Palace <no-reply@example.com>' }),
    MAIL_RATE_LIMIT: num({ default: 50, desc: 'mails a second at most' }),
    PUBLIC_URL: url({ desc: 'where browsers reach the platform, e.g. https://example.com' }),
    CONFIRMATION_KEY: key32({ desc: 'signs confirmation links, 32 bytes in base64, shared with users' }),
    PASSWORD_RESET_KEY: key32({ desc: 'makes the secrets in mailed links that reset passwords, shared with auth' }),
  })
