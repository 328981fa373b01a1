import { readConfig, served, str } from '../../lib/config.ts'

export const loadConfig = (env: NodeJS.ProcessEnv) =>
  readConfig(env, {
    ...served,
    WEB_ROOT: str({ desc: 'the folder with the built pages' }),
  })
