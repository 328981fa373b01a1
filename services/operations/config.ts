import { common, makeValidator, readConfig, str, url } from '../../lib/config.ts'

/** A service and where it listens. */
export interface ServiceAddress {
  name: string
  url: string
}

/** `name=http://host:port`, several separated by commas. */
const addresses = makeValidator((text) =>
  text.split(',').map((item): ServiceAddress => {
    const [, name, url] = /^\s*([\w-]+)=(https?:\/\/[^\s/]+)\s*$/.exec(item) ?? []
    if (!name || !url || !URL.canParse(url)) throw new Error('expected name=http://host:port[,name=…]')
    return { name, url }
  }),
)

export const loadConfig = (env: NodeJS.ProcessEnv) =>
  readConfig(env, {
    ...common,
    DATABASE_URL: url({ desc: 'postgres://user:password@host:port/database' }),
    GATEWAY_ADMIN_URL: url({ desc: 'the Admin API, http://host:port' }),
    ADMIN_TOKEN: str({ default: undefined, desc: 'what the Admin API asks for, if it asks' }),
    SERVICE_URLS: addresses({ desc: 'the services to look after, name=http://host:port[,name=…]' }),
  })
